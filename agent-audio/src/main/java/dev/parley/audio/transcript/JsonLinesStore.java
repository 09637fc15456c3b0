package dev.parley.audio.transcript;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One entry a line. A program that dies leaves at most its last line broken: the next append begins a new line, and
 * readers skip the broken one. One lock a store keeps the lines of several sessions apart.
 */
final class JsonLinesStore implements TranscriptStore {
    private static final Logger log = LoggerFactory.getLogger(JsonLinesStore.class);

    private static final String USUAL = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    /** Devices to Windows, whatever ending follows them. */
    private static final Pattern RESERVED = Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
    /** File systems take 255 bytes, the ending among them. */
    private static final int LONGEST_NAME = 200;

    private static final int KEPT_OF_LONG_NAMES = 120;

    private final Function<String, Path> fileOf;

    private JsonLinesStore(Function<String, Path> fileOf) {
        this.fileOf = fileOf;
    }

    static JsonLinesStore directory(Path folder) {
        return new JsonLinesStore(id -> folder.resolve(fileName(id) + ".jsonl"));
    }

    static JsonLinesStore file(Path file) {
        return new JsonLinesStore(id -> file);
    }

    @Override
    public synchronized void append(String conversationId, TranscriptEntry entry) throws IOException {
        Path path = fileOf.apply(conversationId);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            String line = (endsInLine(file) ? "" : "\n") + EntryJson.write(entry) + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            long at = file.size();
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        }
    }

    @Override
    public synchronized List<TranscriptEntry> read(String conversationId) throws IOException {
        Path path = fileOf.apply(conversationId);
        List<TranscriptEntry> entries = new ArrayList<>();
        if (!Files.exists(path)) {
            return entries;
        }
        // a line cut off within a character must not hide the others, so malformed input is let through
        List<String> lines = new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                entries.add(EntryJson.read(lines.get(i)));
            } catch (IOException e) {
                log.warn("{} line {} is skipped: {}", path, i + 1, e.getMessage());
            }
        }
        entries.sort(Comparator.comparingLong(TranscriptEntry::position));
        return entries;
    }

    private static boolean endsInLine(FileChannel file) throws IOException {
        if (file.size() == 0) {
            return true;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        file.read(last, file.size() - 1);
        return last.get(0) == '\n';
    }

    /**
     * Any id as a file name that every file system takes. Each id has its own, also where upper and lower case are the same: upper
     * case is escaped. A long one ends in its hash.
     */
    private static String fileName(String id) {
        StringBuilder name = new StringBuilder();
        for (byte each : id.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean usual = USUAL.indexOf(c) >= 0 || (c == '.' && name.length() > 0);
            name.append(usual ? String.valueOf(c) : escaped(c));
        }
        if (RESERVED.matcher(name).matches()) {
            name.replace(0, 1, escaped(name.charAt(0)));
        }
        if (name.length() > LONGEST_NAME) {
            name.setLength(KEPT_OF_LONG_NAMES);
            name.append('~').append(hash(id));
        }
        return name.toString();
    }

    private static String escaped(char c) {
        return String.format(Locale.ROOT, "%%%02X", (int) c);
    }

    private static String hash(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
