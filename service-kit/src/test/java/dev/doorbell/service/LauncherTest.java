package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {
    private static final int JAVA_8_CLASS_FILE = 52;

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "9", "11", "16"})
    void anOldJavaIsToldInALine(String version) {
        assertThat(Launcher.refusal(version))
                .startsWith("Doorbell needs Java 17 or newer; this is Java ")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "21", "25"})
    void aNewJavaGoesOn(String version) {
        assertThat(Launcher.refusal(version)).isNull();
    }

    /** Or an old JVM would answer with a stack trace before it could tell anything. */
    @Test
    void itCanBeLoadedByAnOldJava() throws IOException {
        try (DataInputStream in = new DataInputStream(Launcher.class.getResourceAsStream("Launcher.class"))) {
            in.readInt();
            in.readUnsignedShort();
            assertThat(in.readUnsignedShort()).isEqualTo(JAVA_8_CLASS_FILE);
        }
    }
}
