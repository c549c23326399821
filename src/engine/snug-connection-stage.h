/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far a connection to a peer has come: for whoever wants to know where one got stuck.
 */
#pragma once

typedef enum
{
  SNUG_CONNECTION_DESCRIBED, /* both descriptions are known */
  SNUG_CONNECTION_ENCRYPTED, /* the DTLS handshake is done */
  SNUG_CONNECTION_VERIFIED,  /* the certificate is the one that the description named */
  SNUG_CONNECTION_HEARD      /* the first packet of sound or picture, or a report about it, has come */
} SnugConnectionStage;
