/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From findings to what is the matter; and addresses blacked out. Pure.
 */
#include "snug-doctor-result.h"
#include "snug-doctor-verdict.h"

#define N_MAX 12
#define D(code) SNUG_DOCTOR_##code

typedef struct
{
  const char *name;
  SnugDoctorCode found[N_MAX];
  SnugDoctorCode verdict[N_MAX];
} Case;

static const Case cases[] = {
  { "nothing", { 0 }, { 0 } },
  { "all well", { D (SERVER_WORKS), D (STUN_WORKS), D (UDP_PASSES), D (RELAY_SET), D (RELAY_WORKS) }, { 0 } },
  { "no network: nothing of it is said",
    { D (SERVER_UNREACHABLE), D (NO_NETWORK), D (STUN_SILENT), D (RELAY_NAME), D (RELAY_SILENT), D (CALL_DIRECT) },
    { D (NO_NETWORK) } },
  { "offline", { D (SERVER_SILENT), D (STUN_SILENT), D (TCP_SILENT) }, { D (OFFLINE) } },
  { "offline without names", { D (SERVER_NAME), D (STUN_NAME) }, { D (OFFLINE) } },
  { "one name is wrong", { D (SERVER_NAME), D (STUN_WORKS), D (UDP_PASSES) }, { D (SERVER_NAME) } },
  { "only the server", { D (SERVER_SILENT) }, { D (SERVER_SILENT) } },
  { "UDP blocked, no relay", { D (SERVER_WORKS), D (STUN_SILENT), D (TCP_PASSES) }, { D (UDP_BLOCKED_NO_RELAY) } },
  { "UDP blocked, a relay by UDP only",
    { D (SERVER_WORKS), D (STUN_SILENT), D (TCP_PASSES), D (RELAY_SET), D (RELAY_SILENT) },
    { D (UDP_BLOCKED_NO_RELAY) } },
  { "UDP blocked, a relay by TCP",
    { D (SERVER_WORKS), D (STUN_SILENT), D (TCP_PASSES), D (RELAY_SET), D (RELAY_SILENT), D (RELAY_WORKS) },
    { D (UDP_BLOCKED_RELAY) } },
  { "UDP blocked, and the relay does not take the password",
    { D (SERVER_WORKS), D (STUN_SILENT), D (TCP_PASSES), D (RELAY_SET), D (RELAY_CREDENTIALS) },
    { D (RELAY_CREDENTIALS) } },
  { "only the web",
    { D (SERVER_WORKS), D (STUN_SILENT), D (TCP_SILENT), D (RELAY_SET), D (RELAY_SILENT) },
    { D (ONLY_WEB) } },
  { "only the web, and a relay there",
    { D (SERVER_WORKS), D (STUN_SILENT), D (TCP_SILENT), D (RELAY_SET), D (RELAY_WORKS), D (TCP_PASSES) },
    { D (UDP_BLOCKED_RELAY) } },
  { "a STUN server that is silent alone", { D (SERVER_WORKS), D (STUN_SILENT), D (UDP_PASSES) }, { D (STUN_DOWN) } },
  { "a relay that is silent alone",
    { D (SERVER_WORKS), D (STUN_WORKS), D (UDP_PASSES), D (RELAY_SET), D (RELAY_SILENT) },
    { D (RELAY_DOWN) } },
  { "silence where the server is wrong", { D (SERVER_REFUSED), D (STUN_SILENT) }, { D (SERVER_REFUSED), D (STUN_DOWN) } },
  { "a changing port, no relay", { D (SERVER_WORKS), D (STUN_WORKS), D (UDP_PASSES), D (NAT_DEPENDENT) }, { D (NAT_NO_RELAY) } },
  { "a changing port, a relay",
    { D (SERVER_WORKS), D (STUN_WORKS), D (UDP_PASSES), D (NAT_DEPENDENT), D (RELAY_SET), D (RELAY_WORKS) },
    { 0 } },
  { "a changing port, a relay that is full",
    { D (SERVER_WORKS), D (STUN_WORKS), D (UDP_PASSES), D (NAT_DEPENDENT), D (RELAY_SET), D (RELAY_FULL) },
    { D (RELAY_FULL) } },
  { "the clock", { D (CLOCK), D (RELAY_CREDENTIALS), D (SERVER_WORKS), D (SERVER_EXPIRES) }, { D (CLOCK) } },
  { "an element: nothing that needs it",
    { D (PLUGIN), D (CAMERA_FAILED), D (NO_MICROPHONE), D (ECHO_PLUGIN), D (CALL_DIRECT) },
    { D (PLUGIN) } },
  { "an element of cameras", { D (CAMERA_PLUGIN), D (CAMERA_FAILED) }, { D (CAMERA_PLUGIN) } },
  { "an element of sound", { D (SOUND_PLUGIN), D (NO_MICROPHONE), D (NO_SPEAKER) }, { D (SOUND_PLUGIN) } },
  { "no TLS", { D (TLS_PLUGIN), D (SERVER_NO_TLS) }, { D (TLS_PLUGIN) } },
  { "a call that fails, with a cause", { D (CALL_RELAY), D (RELAY_NO_WAY_OUT) }, { D (RELAY_NO_WAY_OUT) } },
  { "a call that fails, without", { D (CALL_DIRECT), D (NO_CAMERA) }, { D (CALL_DIRECT), D (NO_CAMERA) } },
  { "late, with a cause", { D (LATE), D (CAMERA_BUSY) }, { D (CAMERA_BUSY) } },
  { "late, without", { D (LATE), D (SERVER_WORKS) }, { D (LATE) } },
  { "worst first",
    { D (CAMERA_SLOW), D (NO_CAMERA), D (STUN_DOWN), D (SERVER_VERSION), D (UDP_PASSES) },
    { D (SERVER_VERSION), D (STUN_DOWN), D (NO_CAMERA), D (CAMERA_SLOW) } },
  { "one relay of two: a note, behind what lacks",
    { D (RELAY_DOWN), D (RELAY_WORKS), D (NO_CAMERA) },
    { D (NO_CAMERA), D (RELAY_DOWN) } },
};

static GPtrArray *
new_findings (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) snug_doctor_finding_free);
}

static void
check (const Case *one, gboolean backwards)
{
  g_autoptr (GPtrArray) findings = new_findings ();
  g_autoptr (GPtrArray) verdict = NULL;
  guint n = 0;

  for (guint i = 0; i < N_MAX && one->found[i] != 0; i++)
    g_ptr_array_insert (findings, backwards ? 0 : -1, snug_doctor_finding_new (one->found[i], NULL));
  verdict = snug_doctor_verdict_reach (findings);
  while (n < N_MAX && one->verdict[n] != 0)
    n++;
  g_test_message ("%s", one->name);
  g_assert_cmpuint (verdict->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (((SnugDoctorFinding *) verdict->pdata[i])->code, ==, one->verdict[i]);
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check (&cases[i], FALSE);
      check (&cases[i], TRUE);
    }
}

/* Each code by itself is its own verdict, but for facts, and for silence, which needs to be explained. */
static void
test_each (void)
{
  for (SnugDoctorCode code = 1; code < SNUG_DOCTOR_N_CODES; code++)
    {
      g_autoptr (GPtrArray) findings = new_findings ();
      g_autoptr (GPtrArray) verdict = NULL;

      g_ptr_array_add (findings, snug_doctor_finding_new (code, "subject"));
      verdict = snug_doctor_verdict_reach (findings);
      if (code == SNUG_DOCTOR_STUN_SILENT || code == SNUG_DOCTOR_RELAY_SILENT || code == SNUG_DOCTOR_NAT_DEPENDENT)
        {
          g_assert_cmpuint (verdict->len, ==, 1);
          continue;
        }
      if (snug_doctor_code_get_severity (code) == SNUG_DOCTOR_FACT)
        {
          g_assert_cmpuint (verdict->len, ==, 0);
          continue;
        }
      g_assert_cmpuint (verdict->len, ==, 1);
      g_assert_cmpint (((SnugDoctorFinding *) verdict->pdata[0])->code, ==, code);
      g_assert_cmpstr (((SnugDoctorFinding *) verdict->pdata[0])->subject, ==, "subject");
    }
}

/* Every two of them: nothing is twice, no fact is left, the worse one is first, and at least one of two troubles stays. */
static void
test_pairs (void)
{
  for (SnugDoctorCode a = 1; a < SNUG_DOCTOR_N_CODES; a++)
    for (SnugDoctorCode b = 1; b < SNUG_DOCTOR_N_CODES; b++)
      {
        g_autoptr (GPtrArray) findings = new_findings ();
        g_autoptr (GPtrArray) verdict = NULL;

        g_ptr_array_add (findings, snug_doctor_finding_new (a, NULL));
        g_ptr_array_add (findings, snug_doctor_finding_new (b, NULL));
        verdict = snug_doctor_verdict_reach (findings);
        if (snug_doctor_code_get_severity (a) != SNUG_DOCTOR_FACT || snug_doctor_code_get_severity (b) != SNUG_DOCTOR_FACT)
          g_assert_cmpuint (verdict->len, >=, 1);
        for (guint i = 0; i < verdict->len; i++)
          {
            const SnugDoctorFinding *finding = verdict->pdata[i];

            g_assert_cmpint (snug_doctor_code_get_severity (finding->code), !=, SNUG_DOCTOR_FACT);
            for (guint k = 0; k < i; k++)
              g_assert_cmpint (((SnugDoctorFinding *) verdict->pdata[k])->code, !=, finding->code);
            if (i > 0)
              g_assert_cmpint (snug_doctor_verdict_weigh (((SnugDoctorFinding *) verdict->pdata[i - 1])->code, findings), >=,
                               snug_doctor_verdict_weigh (finding->code, findings));
          }
      }
}

static void
test_subjects (void)
{
  g_autoptr (GPtrArray) findings = new_findings ();
  g_autoptr (GPtrArray) verdict = NULL;

  g_ptr_array_add (findings, snug_doctor_finding_new (SNUG_DOCTOR_RELAY_DOWN, "turn:a"));
  g_ptr_array_add (findings, snug_doctor_finding_new (SNUG_DOCTOR_RELAY_DOWN, NULL));
  g_ptr_array_add (findings, snug_doctor_finding_new (SNUG_DOCTOR_RELAY_DOWN, "turn:b"));
  g_ptr_array_add (findings, snug_doctor_finding_new (SNUG_DOCTOR_RELAY_DOWN, "turn:b"));
  verdict = snug_doctor_verdict_reach (findings);
  g_assert_cmpuint (verdict->len, ==, 1);
  g_assert_cmpstr (((SnugDoctorFinding *) verdict->pdata[0])->subject, ==, "turn:a, turn:b");
  /* What was given is left alone. */
  g_assert_cmpuint (findings->len, ==, 4);
}

static void
test_nicks (void)
{
  GEnumClass *class = g_type_class_ref (SNUG_TYPE_DOCTOR_CODE);

  g_assert_cmpuint (class->n_values, ==, SNUG_DOCTOR_N_CODES - 1);
  for (guint i = 0; i < class->n_values; i++)
    {
      g_assert_nonnull (class->values[i].value_nick);
      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (class->values[k].value_nick, !=, class->values[i].value_nick);
    }
  g_type_class_unref (class);
}

static void
test_black_out (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } texts[] = {
    { "", "" },
    { "no address, 12:30, bad: face", "no address, 12:30, bad: face" },
    { "192.0.2.7", "[address 1]" },
    { "192.0.2.7:3478 sees this machine as 203.0.113.9:40000.", "[address 1]:3478 sees this machine as [address 2]:40000." },
    { "192.0.2.7, 192.0.2.8, 192.0.2.7.", "[address 1], [address 2], [address 1]." },
    { "[2001:db8::1]:3478 and 2001:db8::1", "[address 1]:3478 and [address 1]" },
    { "eth0: 2001:DB8:0::1, IPv6", "eth0: [address 1], IPv6" },
    { "turn:192.0.2.7:3478?transport=tcp", "turn:[address 1]:3478?transport=tcp" },
    { "stun:example.org:3478", "stun:example.org:3478" },
    { "fe80::1%eth0", "[address 1]%eth0" },
    { "127.0.0.1:8765 and [::1]:8765", "127.0.0.1:8765 and [::1]:8765" },
    { "GStreamer 1.22.0, 5 of 5", "GStreamer 1.22.0, 5 of 5" },
    { "ws://198.51.100.4/snug", "ws://[address 1]/snug" },
    { "role:10.0.0.1", "role:[address 1]" },
    { "\303\274 10.0.0.1 \342\202\254", "\303\274 [address 1] \342\202\254" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *black = snug_doctor_black_out (texts[i].text);

      g_assert_cmpstr (black, ==, texts[i].expected);
    }
}

static void
test_result (void)
{
  g_autoptr (SnugDoctorResult) result = snug_doctor_result_new (SNUG_DOCTOR_CHECK_TURN, "turn:a");
  g_autoptr (SnugDoctorReport) report = snug_doctor_report_new ();

  g_assert_cmpint (snug_doctor_result_get_state (result), ==, SNUG_DOCTOR_RUNNING);
  g_assert_cmpuint (snug_doctor_result_get_findings (result)->len, ==, 0);
  g_assert_null (snug_doctor_result_get_seen (result)[0]);
  snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_FULL, "turn:a");
  snug_doctor_report_see (report, "%s: %u", "turn:a\xff", 486);
  g_assert_cmpint (snug_doctor_report_get_severity (report), ==, SNUG_DOCTOR_SOME);
  snug_doctor_result_end (result, SNUG_DOCTOR_BAD, report);
  g_assert_cmpint (snug_doctor_result_get_state (result), ==, SNUG_DOCTOR_BAD);
  g_assert_cmpstr (snug_doctor_result_get_seen (result)[0], ==, "turn:a\357\277\275: 486");
  g_assert_null (snug_doctor_result_get_seen (result)[1]);
  g_assert_cmpuint (snug_doctor_result_get_findings (result)->len, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/doctor-verdict/cases", test_cases);
  g_test_add_func ("/engine/doctor-verdict/each", test_each);
  g_test_add_func ("/engine/doctor-verdict/pairs", test_pairs);
  g_test_add_func ("/engine/doctor-verdict/subjects", test_subjects);
  g_test_add_func ("/engine/doctor-verdict/nicks", test_nicks);
  g_test_add_func ("/engine/doctor-verdict/black-out", test_black_out);
  g_test_add_func ("/engine/doctor-verdict/result", test_result);

  return g_test_run ();
}
