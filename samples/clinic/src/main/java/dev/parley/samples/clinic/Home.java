package dev.parley.samples.clinic;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Where the program lies, so that its files go to the same place from whatever folder it is started. */
final class Home {
    private Home() {}

    /** The folder that holds the jar, or the folder of compiled classes. */
    static Path folder() {
        try {
            Path code = Path.of(Home.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Objects.requireNonNull(code.toAbsolutePath().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's own place is no URI", e);
        }
    }
}
