package dev.parley.core.internal;

import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okio.Sink;
import okio.Socket;
import okio.Source;

/**
 * Holds WebSocket messages to a size. OkHttp sets none: it collects whatever a peer announces, up to the whole heap. Here
 * the length is read in the frame's header as it passes, and a message over the limit ends the connection before any of it
 * is kept. It stands behind TLS, so it holds for {@code ws} and {@code wss} alike. Stateless.
 *
 * <p>Compression is not offered to the server. A message of a megabyte can inflate to a gigabyte, which no header tells; and
 * to deflate base64 of noise-like audio costs more time than all else that is done to it.
 */
final class MessageLimit implements Interceptor {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private final long maxBytes;

    /** @param maxBytes of one message, over all its frames */
    MessageLimit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request().newBuilder().removeHeader(EXTENSIONS).build();
        Response response = chain.proceed(request);
        Socket socket = response.socket();
        if (socket == null) {
            return response;
        }
        if (response.header(EXTENSIONS) != null) {
            socket.cancel();
            throw new ProtocolException("the server turned on a WebSocket extension that was not offered to it");
        }
        return response.newBuilder().socket(new Limited(socket, maxBytes)).build();
    }

    private static final class Limited implements Socket {
        private final Socket socket;
        private final Source source;

        Limited(Socket socket, long maxBytes) {
            this.socket = socket;
            this.source = new FrameMeter(socket.getSource(), maxBytes);
        }

        @Override
        public Source getSource() {
            return source;
        }

        @Override
        public Sink getSink() {
            return socket.getSink();
        }

        @Override
        public void cancel() {
            socket.cancel();
        }
    }
}
