// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Another program (Go, pion) that takes part in a room through the server, with sealed messages and trickle ICE, written from
// protocol.md alone:
//
//	pion-in-room ws://HOST:PORT/snug ROOM NAME
//
// It offers to whoever is there and answers whoever comes. It prints a JSON line for what happens, and ends when its input does.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"

	"github.com/pion/webrtc/v3"
	"golang.org/x/net/websocket"
)

type object map[string]interface{}

var printing sync.Mutex

func say(event object) {
	line, _ := json.Marshal(event)
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(line))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

type message struct {
	Type, ID, From, Payload, Code string
	Peers                         []struct{ ID string }
	// Of peer messages.
	Name, SdpType, Sdp, Candidate, Text, Reason string
	SdpMid                                      *string
	SdpMLineIndex                               *uint16
	Generation                                  int
}

// One other member, and the connection to it.
type member struct {
	client     *client
	pair       *pair
	name       string
	connection *webrtc.PeerConnection
	channel    *webrtc.DataChannel
	candidates []webrtc.ICECandidateInit // until there is a remote description
}

type client struct {
	lock    sync.Mutex // over all of it: pion calls from its own goroutines
	socket  *websocket.Conn
	room    room
	id      string
	name    string
	members map[string]*member
}

func (c *client) send(fields object) {
	must(websocket.JSON.Send(c.socket, fields))
}

// What peers say through the server.
func (m *member) signal(fields object) {
	text, err := json.Marshal(fields)
	must(err)
	m.client.send(object{"type": "signal", "to": m.pair.peer, "payload": m.pair.seal(string(text))})
}

func (m *member) introduce() {
	m.signal(object{"type": "introduction", "name": m.client.name})
}

// Opus and VP8 alone, as every description has.
func newAPI() *webrtc.API {
	engine := &webrtc.MediaEngine{}
	must(engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
		PayloadType:        111,
	}, webrtc.RTPCodecTypeAudio))
	must(engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
		PayloadType:        96,
	}, webrtc.RTPCodecTypeVideo))
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine))
}

func (m *member) connect(offers bool) {
	var err error
	m.connection, err = newAPI().NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	must(err)
	m.connection.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		m.client.lock.Lock()
		defer m.client.lock.Unlock()
		if candidate == nil {
			m.signal(object{"type": "end-of-candidates", "generation": 1})
			return
		}
		fields := candidate.ToJSON()
		m.signal(object{"type": "candidate", "generation": 1, "sdpMLineIndex": fields.SDPMLineIndex, "sdpMid": fields.SDPMid,
			"candidate": fields.Candidate})
	})
	m.connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		say(object{"event": state.String(), "name": m.name})
	})
	m.connection.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		packets := 0
		for {
			if _, _, err := track.ReadRTP(); err != nil {
				return
			}
			packets++
			if packets == 1 || packets == 50 {
				say(object{"event": "packets", "kind": track.Kind().String(), "codec": track.Codec().MimeType, "packets": packets})
			}
		}
	})
	if offers {
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeVideo} {
			_, err := m.connection.AddTransceiverFromKind(kind)
			must(err)
		}
	}
	negotiated, id := true, uint16(1)
	m.channel, err = m.connection.CreateDataChannel("snug", &webrtc.DataChannelInit{Negotiated: &negotiated, ID: &id})
	must(err)
	m.channel.OnOpen(func() {
		m.speak(object{"type": "hello", "features": []string{}})
		m.speak(object{"type": "media-state", "audio": false, "video": false, "screen": false})
		m.speak(object{"type": "chat", "id": "pion-1", "text": "hello from pion"})
		say(object{"event": "open", "name": m.name})
	})
	m.channel.OnMessage(func(data webrtc.DataChannelMessage) { m.hearChannel(data.Data) })
}

// What people say goes over the channel alone.
func (m *member) speak(fields object) {
	text, err := json.Marshal(fields)
	must(err)
	// It may be gone by now.
	_ = m.channel.SendText(string(text))
}

func (m *member) hearChannel(data []byte) {
	var heard message
	must(json.Unmarshal(data, &heard))
	switch heard.Type {
	case "chat":
		m.speak(object{"type": "chat-ack", "id": heard.ID})
		say(object{"event": "chat", "name": m.name, "text": heard.Text})
	case "chat-ack":
		say(object{"event": "acknowledged", "name": m.name, "id": heard.ID})
	case "bye":
		say(object{"event": "bye", "name": m.name, "reason": heard.Reason})
	}
}

func (m *member) describe(description webrtc.SessionDescription) {
	must(m.connection.SetLocalDescription(description))
	m.signal(object{"type": "description", "generation": 1, "sdpType": description.Type.String(), "sdp": description.SDP,
		"videoCodecs": []string{"VP8"}})
}

func (m *member) offer() {
	m.connect(true)
	offer, err := m.connection.CreateOffer(nil)
	must(err)
	m.describe(offer)
}

func (m *member) hearDescription(heard message) {
	if heard.Generation != 1 {
		return
	}
	if heard.SdpType == "offer" {
		m.connect(false)
		must(m.connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: heard.Sdp}))
		answer, err := m.connection.CreateAnswer(nil)
		must(err)
		m.describe(answer)
	} else {
		must(m.connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: heard.Sdp}))
	}
	for _, candidate := range m.candidates {
		must(m.connection.AddICECandidate(candidate))
	}
	m.candidates = nil
}

func (m *member) hear(text string) {
	var heard message
	must(json.Unmarshal([]byte(text), &heard))
	switch heard.Type {
	case "introduction":
		if m.name != "" {
			return
		}
		m.name = heard.Name
		say(object{"event": "present", "name": m.name})
		m.introduce()
		if m.pair.greets {
			m.offer()
		}
	case "description":
		m.hearDescription(heard)
	case "candidate":
		candidate := webrtc.ICECandidateInit{Candidate: heard.Candidate, SDPMid: heard.SdpMid, SDPMLineIndex: heard.SdpMLineIndex}
		say(object{"event": "candidate", "name": m.name})
		if m.connection == nil || m.connection.RemoteDescription() == nil {
			m.candidates = append(m.candidates, candidate)
		} else {
			must(m.connection.AddICECandidate(candidate))
		}
	}
}

func (c *client) hearServer(heard message) {
	c.lock.Lock()
	defer c.lock.Unlock()
	switch heard.Type {
	case "joined":
		c.id = heard.ID
		for _, peer := range heard.Peers {
			c.members[peer.ID] = &member{client: c, pair: newPair(c.room, c.id, peer.ID, true)}
			c.members[peer.ID].introduce()
		}
		say(object{"event": "joined"})
	case "peer-joined":
		c.members[heard.ID] = &member{client: c, pair: newPair(c.room, c.id, heard.ID, false)}
	case "peer-left":
		say(object{"event": "left"})
		delete(c.members, heard.ID)
	case "signal":
		if m := c.members[heard.From]; m != nil {
			text, err := m.pair.open(heard.Payload)
			must(err)
			m.hear(text)
		}
	case "error":
		say(object{"event": "error", "code": heard.Code})
	}
}

func main() {
	config, err := websocket.NewConfig(os.Args[1], "http://localhost/")
	must(err)
	config.Protocol = []string{"snug.1"}
	c := &client{room: derive(os.Args[2]), name: os.Args[3], members: map[string]*member{}}
	c.socket, err = websocket.DialConfig(config)
	must(err)
	c.send(object{"type": "join", "version": 1, "room": c.room.id})
	go func() {
		for {
			var heard message
			if websocket.JSON.Receive(c.socket, &heard) != nil {
				return
			}
			c.hearServer(heard)
		}
	}()
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		c.lock.Lock()
		for _, m := range c.members {
			m.speak(object{"type": "chat", "id": fmt.Sprintf("pion-%d", len(input.Text())+100), "text": input.Text()})
		}
		c.lock.Unlock()
	}
	c.lock.Lock()
	for _, m := range c.members {
		if m.connection != nil {
			must(m.connection.Close())
		}
	}
	c.send(object{"type": "leave"})
}
