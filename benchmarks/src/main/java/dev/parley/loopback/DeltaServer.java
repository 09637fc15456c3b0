package dev.parley.loopback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends every client, one after the other, an agent's voice: pieces of 100 ms, a thousand a second, in replies of a hundred.
 * A process of its own, since its costs are not its client's. Prints its port.
 */
final class DeltaServer {
    private static final long EVERY_NANOS = 1_000_000;
    private static final int PIECES_OF_A_REPLY = 100;

    private DeltaServer() {}

    public static void main(String[] args) throws IOException {
        byte[] pcm = new byte[4_800];
        new Random(1).nextBytes(pcm);
        String audio = Base64.getEncoder().encodeToString(pcm);
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.out.println(listening.getLocalPort());
            while (true) {
                try (BarePeer peer = BarePeer.shakeHands(listening.accept())) {
                    peer.send("{\"type\":\"session.created\",\"session\":{\"id\":\"sess_1\"}}");
                    peer.read("session.update");
                    peer.send("{\"type\":\"session.updated\",\"session\":{\"id\":\"sess_1\"}}");
                    talk(peer, audio);
                } catch (IOException e) {
                    // the client has heard enough
                }
            }
        }
    }

    private static void talk(BarePeer peer, String audio) throws IOException {
        long began = System.nanoTime();
        for (long i = 0; ; i++) {
            for (long wait = began + i * EVERY_NANOS - System.nanoTime();
                    wait > 0;
                    wait = began + i * EVERY_NANOS - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            long reply = i / PIECES_OF_A_REPLY;
            String delta = """
                    {"type":"response.output_audio.delta","event_id":"event_CbA7hK2mLpQ9xYz4T8vWq",\
                    "response_id":"resp_%d","item_id":"item_%d","output_index":0,"content_index":0,"delta":"%s"}""".formatted(reply, reply, audio);
            if (i % PIECES_OF_A_REPLY == 0) {
                String created = """
                        {"type":"response.created","response":{"id":"resp_%d","status":"in_progress","output":[]}}""".formatted(reply);
                peer.send(created, delta);
            } else if (i % PIECES_OF_A_REPLY == PIECES_OF_A_REPLY - 1) {
                String done = """
                        {"type":"response.done","response":{"id":"resp_%d","status":"completed","output":[]}}""".formatted(reply);
                peer.send(delta, done);
            } else {
                peer.send(delta);
            }
        }
    }
}
