// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The room's key, and what two members say under it: "The room's name is the key" and "Sealed messages" of protocol.md, once more.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"golang.org/x/crypto/hkdf"
	"golang.org/x/crypto/pbkdf2"
)

const (
	nonceBytes   = 12
	sessionBytes = 16
	headerBytes  = 2*sessionBytes + 4
	blockBytes   = 256
)

type room struct {
	id  string
	key cipher.AEAD
}

func derive(name string) room {
	master := pbkdf2.Key([]byte(name), []byte("snug.1 room name"), 600000, 32, sha256.New)
	expand := func(info string, size int) []byte {
		out := make([]byte, size)
		_, err := io.ReadFull(hkdf.New(sha256.New, master, []byte("snug.1"), []byte(info)), out)
		must(err)
		return out
	}
	block, err := aes.NewCipher(expand("sealing key", 32))
	must(err)
	key, err := cipher.NewGCM(block)
	must(err)
	return room{hex.EncodeToString(expand("room id", 16)), key}
}

// One other member. greets: it was there before.
type pair struct {
	room        room
	self, peer  string
	greets      bool
	session     []byte
	peerSession []byte // nil: not known yet
	sent, heard uint32
	proven      bool
}

func newPair(room room, self, peer string, greets bool) *pair {
	session := make([]byte, sessionBytes)
	_, err := rand.Read(session)
	must(err)
	return &pair{room: room, self: self, peer: peer, greets: greets, session: session}
}

func (p *pair) associate(from, to string) []byte {
	return []byte(strings.Join([]string{"snug.1", p.room.id, from, to}, "\n"))
}

func (p *pair) seal(text string) string {
	p.sent++
	size := (headerBytes + len(text) + blockBytes - 1) / blockBytes * blockBytes
	plain := bytes.Repeat([]byte{' '}, size)
	copy(plain, p.session)
	copy(plain[sessionBytes:], make([]byte, sessionBytes))
	copy(plain[sessionBytes:], p.peerSession)
	binary.BigEndian.PutUint32(plain[2*sessionBytes:], p.sent)
	copy(plain[headerBytes:], text)
	nonce := make([]byte, nonceBytes)
	_, err := rand.Read(nonce)
	must(err)
	return base64.StdEncoding.EncodeToString(p.room.key.Seal(nonce, nonce, plain, p.associate(p.self, p.peer)))
}

func (p *pair) open(payload string) (string, error) {
	data, err := base64.StdEncoding.Strict().DecodeString(payload)
	if err != nil || len(data) < nonceBytes+headerBytes {
		return "", errors.New("malformed")
	}
	plain, err := p.room.key.Open(nil, data[:nonceBytes], data[nonceBytes:], p.associate(p.peer, p.self))
	if err != nil {
		return "", err
	}
	sender, receiver := plain[:sessionBytes], plain[sessionBytes:2*sessionBytes]
	sequence := binary.BigEndian.Uint32(plain[2*sessionBytes:])
	greeting := bytes.Equal(receiver, make([]byte, sessionBytes))
	switch {
	case greeting && (p.greets || p.peerSession != nil), !greeting && !p.greets && p.peerSession == nil:
		return "", errors.New("greeting")
	case !greeting && !bytes.Equal(receiver, p.session), p.peerSession != nil && !bytes.Equal(sender, p.peerSession):
		return "", errors.New("session")
	case sequence <= p.heard:
		return "", errors.New("order")
	}
	p.heard = sequence
	p.peerSession = append([]byte(nil), sender...)
	p.proven = p.proven || !greeting
	return strings.TrimRight(string(plain[headerBytes:]), " "), nil
}
