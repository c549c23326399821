// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Another program (Go, pion) that signals by hand as pion's examples do: one line of base64 JSON out, one in.
//
//	pion-by-hand offer|answer
//
// It has a data channel under a name of its own and nothing else. After its description it prints a JSON line for
// what happens: {"event": "open"}, {"event": "text", "text": ...}, {"event": "closed"}. It ends when its input does.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sync"

	"github.com/pion/webrtc/v3"
)

var lock sync.Mutex

func say(fields map[string]string) {
	line, _ := json.Marshal(fields)
	lock.Lock()
	defer lock.Unlock()
	fmt.Println(string(line))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func encode(description *webrtc.SessionDescription) string {
	data, err := json.Marshal(description)
	must(err)
	return base64.StdEncoding.EncodeToString(data)
}

func decode(line string) (description webrtc.SessionDescription) {
	data, err := base64.StdEncoding.DecodeString(line)
	must(err)
	must(json.Unmarshal(data, &description))
	return description
}

func watch(channel *webrtc.DataChannel) {
	channel.OnOpen(func() {
		say(map[string]string{"event": "open", "label": channel.Label()})
		must(channel.SendText("hello from pion"))
	})
	channel.OnMessage(func(message webrtc.DataChannelMessage) {
		say(map[string]string{"event": "text", "text": string(message.Data)})
	})
}

// The local description, once every candidate is in it.
func describe(connection *webrtc.PeerConnection, description webrtc.SessionDescription) {
	gathered := webrtc.GatheringCompletePromise(connection)
	must(connection.SetLocalDescription(description))
	<-gathered
	fmt.Println(encode(connection.LocalDescription()))
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	must(err)
	connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		say(map[string]string{"event": state.String()})
	})

	if os.Args[1] == "offer" {
		channel, err := connection.CreateDataChannel("data", nil)
		must(err)
		watch(channel)
		offer, err := connection.CreateOffer(nil)
		must(err)
		describe(connection, offer)
		input.Scan()
		must(connection.SetRemoteDescription(decode(input.Text())))
	} else {
		connection.OnDataChannel(watch)
		input.Scan()
		must(connection.SetRemoteDescription(decode(input.Text())))
		answer, err := connection.CreateAnswer(nil)
		must(err)
		describe(connection, answer)
	}
	for input.Scan() {
	}
	must(connection.Close())
}
