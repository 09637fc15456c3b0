package dev.parley.samples.clinic;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs it and leaves the JVM with its exit code. */
    public static void main(String[] arguments) {
        // Libraries log what comes as an exception anyway: Hibernate Validator by itself, PostgreSQL by the JDK's
        // logging.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        LogManager.getLogManager().reset();
        // Malayalam comes out right whatever the locale says.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(arguments, System::getenv, System.in, out, err));
    }

    /**
     * Runs it.
     *
     * @param environment gives a variable's value, or null
     * @param in what is typed
     * @return 0 if all went well, 1 if the call did not go as it should, 2 if it could not begin
     */
    static int run(
            String[] arguments,
            UnaryOperator<@Nullable String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err) {
        Options options = new Options();
        CommandLine commandLine = new CommandLine(options);
        try {
            commandLine.parseArgs(arguments);
            if (options.help) {
                commandLine.usage(out, Ansi.OFF);
                return 0;
            }
            if (options.version) {
                out.println("clinic " + Version.text());
                return 0;
            }
            return new Program(Settings.of(options, environment), in, out, err).run();
        } catch (ParameterException e) {
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("a wrong option");
            err.println(what + (what.endsWith(".") ? "" : ".") + " --help shows the options.");
        } catch (UsageException e) {
            err.println(e.getMessage());
        } catch (RuntimeException e) {
            UsageException sentence = UsageException.because(
                    "The program has a fault, " + e.getClass().getSimpleName(), e);
            err.println(sentence.getMessage() + (options.debug ? "" : " --debug shows where."));
            if (options.debug) {
                e.printStackTrace(err);
            }
        }
        return 2;
    }
}
