package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Dockerfile's health check, run as the container would run it. */
@EnabledOnOs(OS.LINUX)
class DockerHealthCheckTest {
    @ParameterizedTest
    @CsvSource({"200, true", "503, false", "404, false"})
    void onlyALiveServiceIsHealthy(int status, boolean healthy) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.createContext("/", exchange -> {
            boolean asked = exchange.getRequestURI().getPath().equals("/health/live");
            exchange.sendResponseHeaders(asked ? status : 404, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(isHealthy(server.getAddress().getPort())).isEqualTo(healthy);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServiceThatDoesNotAnswerIsNotHealthyNorOneThatIsGone() throws Exception {
        int port;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            assertThat(isHealthy(port)).isFalse();
        }
        assertThat(isHealthy(port)).isFalse();
    }

    private static boolean isHealthy(int port) throws Exception {
        List<String> instructions = DockerFiles.target("service");
        int check = 0;
        while (!instructions.get(check).startsWith("HEALTHCHECK ")) {
            check++;
        }
        String arguments = instructions.get(check + 1).strip();
        String[] command = new ObjectMapper().readValue(arguments, String[].class);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HTTP_PORT", String.valueOf(port));
        Process process = builder.start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }
}
