package dev.parley.tools.internal;

import java.io.IOException;
import java.io.Writer;

/** The text of one output while it is written. It takes so many characters and then no more. Confined to one thread. */
final class OutputText extends Writer {
    private final int most;
    private final StringBuilder text = new StringBuilder();
    private boolean full;

    /** @param most characters that are taken in all */
    OutputText(int most) {
        this.most = most;
    }

    /** Ends the writing of a result that nobody will read. Carries no stack trace: it is no fault. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1L;

        Full() {
            super("the output is longer than its limit");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    @Override
    public void write(char[] from, int start, int length) throws IOException {
        if (full) {
            return; // what a generator still flushes when it is closed
        }
        if (length > most - text.length()) {
            full = true;
            throw new Full();
        }
        text.append(from, start, length);
    }

    /** Takes no more, as if it were full. */
    void stop() {
        full = true;
    }

    boolean isFull() {
        return full;
    }

    int length() {
        return text.length();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }
}
