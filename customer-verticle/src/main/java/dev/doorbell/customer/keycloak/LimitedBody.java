package dev.doorbell.customer.keycloak;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;

/** Reads an answer into memory, but no more than a limit: the web client itself has none. */
final class LimitedBody implements BodyCodec<Buffer> {
    private final int bytesMax;

    LimitedBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The answer is given up; what is left of it is read and forgotten. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int bytesMax) {
            super("is larger than " + bytesMax + " bytes", null, false, false);
        }
    }

    @Override
    public BodyStream<Buffer> stream() throws Exception {
        return new Counted(BodyCodec.buffer().stream());
    }

    private final class Counted implements BodyStream<Buffer> {
        private final BodyStream<Buffer> body;
        private long bytes;

        Counted(BodyStream<Buffer> body) {
            this.body = body;
        }

        @Override
        public Future<Void> write(Buffer part) {
            bytes += part.length();
            return bytes > bytesMax ? Future.failedFuture(new TooLargeException(bytesMax)) : body.write(part);
        }

        @Override
        public Future<Void> end() {
            return body.end();
        }

        @Override
        public Future<Buffer> result() {
            return body.result();
        }

        @Override
        public void handle(Throwable failure) {
            body.handle(failure);
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
            body.exceptionHandler(handler);
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            body.setWriteQueueMaxSize(maxSize);
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return body.writeQueueFull();
        }

        @Override
        public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
            body.drainHandler(handler);
            return this;
        }
    }
}
