/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"

#include "snug-dtls-hello.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  SnugDtlsHello hello = { 0 };

  if (snug_dtls_hello_find (data, size, &hello))
    {
      snug_dtls_hello_get_version_name (hello.version);
      snug_dtls_hello_get_cipher_name (hello.cipher_suite);
    }
  return 0;
}
