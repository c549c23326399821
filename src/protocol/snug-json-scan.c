/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A strict look at JSON text before json-glib parses it. json-glib is lenient (single quotes, "var x =",
 * hexadecimal numbers, a second object after the first), recurses without bound, cuts strings at \u0000 and
 * wraps long numbers round, -18446744073709551615 to 1: nothing of that may come from the network.
 */
#include "snug-json.h"

#include <string.h>

/* The longest number any field can need is far below what a gint64 holds. */
#define NUMBER_MAX_BYTES 18

typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  guint32 objects; /* bit n: the container at depth n + 1 is an object */
  guint n_keys;
  const char *field; /* the last name seen in the outermost object, not terminated */
  gsize field_size;
  GError **error;
} Scan;

typedef enum
{
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END, /* after [ */
  EXPECT_NAME,
  EXPECT_NAME_OR_END, /* after { */
  EXPECT_COMMA_OR_END,
  EXPECT_NOTHING
} Expect;

static gboolean
not_json (Scan *scan, const char *what)
{
  g_set_error (scan->error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_JSON, "Not JSON: %s",
               what);
  return FALSE;
}

static gboolean
bad_field (Scan *scan, const char *what)
{
  g_set_error (scan->error,
               SNUG_PROTOCOL_ERROR,
               SNUG_PROTOCOL_ERROR_BAD_FIELD,
               "Field \"%.*s\" %s",
               (int) MIN (scan->field_size, 64),
               scan->field != NULL ? scan->field : "",
               what);
  return FALSE;
}

static gboolean
in_object (const Scan *scan)
{
  return (scan->objects >> (scan->depth - 1)) & 1;
}

static void
skip_white (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL)
    scan->at++;
}

static gboolean
scan_hex4 (Scan *scan, guint *value)
{
  *value = 0;
  if (scan->end - scan->at < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*scan->at++);

      if (digit < 0)
        return FALSE;
      *value = *value << 4 | (guint) digit;
    }
  return TRUE;
}

static gboolean
scan_escape (Scan *scan)
{
  guint unit, low;

  if (scan->at == scan->end)
    return not_json (scan, "a string does not end");
  if (*scan->at != 'u')
    return strchr ("\"\\/bfnrt", *scan->at++) != NULL || not_json (scan, "an unknown escape");

  scan->at++;
  if (!scan_hex4 (scan, &unit))
    return not_json (scan, "an escape without its four digits");
  if (unit == 0)
    return bad_field (scan, "contains a NUL character");
  if (unit >= 0xdc00 && unit <= 0xdfff)
    return not_json (scan, "an escape that is no character");
  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      if (scan->end - scan->at < 2 || scan->at[0] != '\\' || scan->at[1] != 'u')
        return not_json (scan, "an escape that is half a character");
      scan->at += 2;
      if (!scan_hex4 (scan, &low) || low < 0xdc00 || low > 0xdfff)
        return not_json (scan, "an escape that is half a character");
    }
  return TRUE;
}

/* At the opening quote. */
static gboolean
scan_string (Scan *scan)
{
  scan->at++;
  while (scan->at < scan->end)
    {
      guchar c = (guchar) *scan->at++;

      if (c == '"')
        return TRUE;
      if (c < 0x20)
        return not_json (scan, "a control character in a string");
      if (c == '\\' && !scan_escape (scan))
        return FALSE;
    }
  return not_json (scan, "a string does not end");
}

static gboolean
scan_digits (Scan *scan)
{
  const char *start = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;
  return scan->at > start;
}

static gboolean
scan_number (Scan *scan)
{
  const char *start = scan->at;

  if (*scan->at == '-')
    scan->at++;
  if (scan->at < scan->end && *scan->at == '0')
    scan->at++;
  else if (!scan_digits (scan))
    return not_json (scan, "a value that is none");
  if (scan->at < scan->end && *scan->at == '.')
    {
      scan->at++;
      if (!scan_digits (scan))
        return not_json (scan, "a number without its fraction");
    }
  if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'))
    {
      scan->at++;
      if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
        scan->at++;
      if (!scan_digits (scan))
        return not_json (scan, "a number without its exponent");
    }
  if (scan->at - start > NUMBER_MAX_BYTES)
    return bad_field (scan, "is a number of too many digits");
  return TRUE;
}

static gboolean
scan_word (Scan *scan)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize size = strlen (words[i]);

      if ((gsize) (scan->end - scan->at) >= size && memcmp (scan->at, words[i], size) == 0)
        {
          scan->at += size;
          return TRUE;
        }
    }
  return not_json (scan, "a value that is none");
}

static gboolean
scan_name (Scan *scan)
{
  const char *start = scan->at;

  if (*scan->at != '"')
    return not_json (scan, "a field without a name");
  if (!scan_string (scan))
    return FALSE;
  if (scan->depth == 1)
    {
      scan->field = start + 1;
      scan->field_size = scan->at - start - 2;
    }
  scan->n_keys++;
  skip_white (scan);
  if (scan->at == scan->end || *scan->at++ != ':')
    return not_json (scan, "a field without a value");
  return TRUE;
}

/* Opens a container or reads a whole plain value. */
static gboolean
scan_value (Scan *scan, Expect *next)
{
  char c = *scan->at;

  *next = EXPECT_COMMA_OR_END;
  if (c == '{' || c == '[')
    {
      if (scan->depth == SNUG_JSON_DEPTH_MAX)
        {
          g_set_error (scan->error,
                       SNUG_PROTOCOL_ERROR,
                       SNUG_PROTOCOL_ERROR_TOO_LARGE,
                       "Nested more than %d deep",
                       SNUG_JSON_DEPTH_MAX);
          return FALSE;
        }
      scan->at++;
      scan->depth++;
      if (c == '{')
        scan->objects |= 1u << (scan->depth - 1);
      else
        scan->objects &= ~(1u << (scan->depth - 1));
      *next = c == '{' ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
      return TRUE;
    }
  if (c == '"')
    return scan_string (scan);
  if (c == '-' || g_ascii_isdigit (c))
    return scan_number (scan);
  return scan_word (scan);
}

static Expect
leave_container (Scan *scan)
{
  scan->at++;
  scan->depth--;
  return scan->depth == 0 ? EXPECT_NOTHING : EXPECT_COMMA_OR_END;
}

static gboolean
scan_document (Scan *scan)
{
  Expect expect = EXPECT_VALUE;

  skip_white (scan);
  if (scan->at == scan->end || *scan->at != '{')
    return not_json (scan, "not an object");

  for (;;)
    {
      skip_white (scan);
      if (expect == EXPECT_NOTHING)
        return scan->at == scan->end || not_json (scan, "something after the object");
      if (scan->at == scan->end)
        return not_json (scan, "the object does not end");

      switch (expect)
        {
        case EXPECT_VALUE_OR_END:
          if (*scan->at == ']')
            {
              expect = leave_container (scan);
              break;
            }
          G_GNUC_FALLTHROUGH;
        case EXPECT_VALUE:
          if (!scan_value (scan, &expect))
            return FALSE;
          break;

        case EXPECT_NAME_OR_END:
          if (*scan->at == '}')
            {
              expect = leave_container (scan);
              break;
            }
          G_GNUC_FALLTHROUGH;
        case EXPECT_NAME:
          if (!scan_name (scan))
            return FALSE;
          expect = EXPECT_VALUE;
          break;

        case EXPECT_COMMA_OR_END:
          if (*scan->at == ',')
            {
              scan->at++;
              expect = in_object (scan) ? EXPECT_NAME : EXPECT_VALUE;
            }
          else if (*scan->at == (in_object (scan) ? '}' : ']'))
            expect = leave_container (scan);
          else
            return not_json (scan, "a comma is missing");
          break;

        case EXPECT_NOTHING:
        default:
          g_assert_not_reached ();
        }
    }
}

gboolean
snug_json_scan (const char *data, gsize size, guint *n_keys, GError **error)
{
  Scan scan = { .at = data, .end = data + size, .error = error };

  if (memchr (data, '\0', size) != NULL)
    return not_json (&scan, "a NUL byte");
  if (!g_utf8_validate_len (data, size, NULL))
    {
      g_set_error_literal (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_UTF8,
                           "Not UTF-8 text");
      return FALSE;
    }
  if (!scan_document (&scan))
    return FALSE;
  *n_keys = scan.n_keys;
  return TRUE;
}
