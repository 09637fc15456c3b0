package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.filter.FilteringGeneratorDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out, while a result is written, what would be cut from it anyway: the elements of a list once those before take
 * the whole limit, and the end of a text that alone is as long. So a result may be of any length, and little of it is held.
 */
final class ShorteningGenerator extends FilteringGeneratorDelegate {
    /** A list without end must not keep its thread for ever. */
    private static final int MOST_LEFT_OUT = 1_000_000;

    private final int limit;

    ShorteningGenerator(JsonGenerator to, OutputText text, int limit) {
        super(to, new Elements(to, text, limit), TokenFilter.Inclusion.INCLUDE_NON_NULL, true);
        this.limit = limit;
    }

    @Override
    public void writeString(@Nullable String value) throws IOException {
        super.writeString(value == null ? null : OutputLimit.cut(value, limit));
    }

    // The delegate hands arrays of numbers on whole, past the filter.

    @Override
    public void writeArray(int[] array, int offset, int length) throws IOException {
        writeStartArray(array, length);
        for (int i = offset; i < offset + length; i++) {
            writeNumber(array[i]);
        }
        writeEndArray();
    }

    @Override
    public void writeArray(long[] array, int offset, int length) throws IOException {
        writeStartArray(array, length);
        for (int i = offset; i < offset + length; i++) {
            writeNumber(array[i]);
        }
        writeEndArray();
    }

    @Override
    public void writeArray(double[] array, int offset, int length) throws IOException {
        writeStartArray(array, length);
        for (int i = offset; i < offset + length; i++) {
            writeNumber(array[i]);
        }
        writeEndArray();
    }

    @Override
    public void writeArray(String[] array, int offset, int length) throws IOException {
        writeStartArray(array, length);
        for (int i = offset; i < offset + length; i++) {
            writeString(array[i]);
        }
        writeEndArray();
    }

    /** Lets elements of a list pass as long as those before them are within the limit. */
    private static final class Elements extends TokenFilter {
        private final JsonGenerator to;
        private final OutputText text;
        private final int limit;
        private final int from;
        private int leftOut;

        Elements(JsonGenerator to, OutputText text, int limit) {
            this.to = to;
            this.text = text;
            this.limit = limit;
            this.from = written();
        }

        private int written() {
            return text.length() + to.getOutputBuffered();
        }

        @Override
        public TokenFilter filterStartArray() {
            return new Elements(to, text, limit);
        }

        @Override
        public @Nullable TokenFilter includeElement(int index) {
            if (index == 0 || written() - from <= limit) {
                return this;
            }
            if (++leftOut > MOST_LEFT_OUT) {
                text.stop();
                throw new IllegalStateException("a list has no end");
            }
            return null;
        }
    }
}
