package dev.doorbell.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link RunningSystem} of the run, as a parameter. Each class finds all services running, whatever
 * the one before it did or failed to do. JUnit closes the system after the last class.
 */
public final class SystemExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    @Override
    public void beforeAll(ExtensionContext context) {
        system(context).ensureRunning();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        system(context).endOthers();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningSystem.class;
    }

    @Override
    public RunningSystem resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return system(context);
    }

    private static RunningSystem system(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SystemExtension.class))
                .getOrComputeIfAbsent(
                        RunningSystem.class,
                        key -> {
                            deleteOldLogs();
                            return RunningSystem.start();
                        },
                        RunningSystem.class);
    }

    private static void deleteOldLogs() {
        try (Stream<Path> files = Files.list(ServiceProcess.logs())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
