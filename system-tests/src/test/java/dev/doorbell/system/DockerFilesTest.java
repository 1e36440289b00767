package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doorbell.service.DatabaseUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** compose.yaml and the Dockerfile against what they are about: the services' settings, ports and jars. */
class DockerFilesTest {
    private static final Map<String, String> MAINS = Map.of(
            "customer-verticle", "dev.doorbell.customer.CustomerMain",
            "payment-verticle", "dev.doorbell.payment.PaymentMain",
            "relay-verticle", "dev.doorbell.relay.RelayMain");

    @ParameterizedTest
    @CsvSource({
        "customer-verticle, customer-verticle",
        "payment-verticle, payment-verticle",
        "relay-verticle, relay-verticle",
        "customer-migrate, customer-verticle",
        "payment-migrate, payment-verticle"
    })
    void everyVariableThatAServiceIsGivenIsASettingOfIt(String service, String module) throws Exception {
        JsonNode definition = service(service);

        assertThat(definition.at("/build/target").textValue()).isEqualTo(module);
        assertThat(names(definition.get("environment"))).isNotEmpty().isSubsetOf(settings(module));
    }

    @ParameterizedTest
    @CsvSource({"customer-verticle, 9990", "payment-verticle, 9991", "relay-verticle, 9992"})
    void aServiceHasOnePortEverywhere(String service, String port) throws Exception {
        assertThat(service(service).at("/environment/HTTP_PORT").textValue()).isEqualTo(port);
        assertThat(service(service).get("ports"))
                .extracting(JsonNode::textValue)
                .containsExactly("127.0.0.1:" + port + ":" + port);
        assertThat(DockerFiles.target(service)).contains("ENV HTTP_PORT=" + port, "EXPOSE " + port);
        assertThat(help(service)).containsPattern("HTTP_PORT\\R.*\\R.*; default " + port + "\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer-verticle", "payment-verticle", "relay-verticle"})
    void theImageTakesTheJarThatItsModuleBuilds(String module) throws Exception {
        String jar = module + "/target/" + module + ".jar";
        String pom = Files.readString(Repository.root().resolve(module).resolve("pom.xml"));

        assertThat(pom)
                .contains("<artifactId>" + module + "</artifactId>", "<artifactId>maven-shade-plugin</artifactId>");
        assertThat(DockerFiles.target(module)).contains("COPY " + jar + " /app/service.jar");
        assertThat(DockerFiles.read("Dockerfile.dockerignore").lines()).contains("!" + jar);
        assertThat(DockerFiles.target("service"))
                .anyMatch(line -> line.startsWith("ENTRYPOINT [\"java\"") && line.endsWith("\"/app/service.jar\"]"))
                .anyMatch(line -> line.matches("USER [1-9][0-9]*"));
    }

    @Test
    void everyPortIsOnTheLoopbackInterface() throws Exception {
        List<String> ports = new ArrayList<>();
        DockerFiles.compose()
                .get("services")
                .forEach(service -> service.path("ports").forEach(port -> ports.add(port.textValue())));

        assertThat(ports).hasSize(7).allMatch(port -> port.startsWith("127.0.0.1:"));
        assertThat(ports).contains("127.0.0.1:8080:8080");
    }

    @Test
    void databaseUrlsReachTheDatabasesThatTheScriptMakes() throws Exception {
        String script = DockerFiles.read("postgres/create-databases.sh");
        List<String> urls = new ArrayList<>();
        for (String service : List.of("customer-verticle", "customer-migrate", "payment-verticle", "payment-migrate")) {
            urls.add(service(service).at("/environment/DATABASE_URL").textValue());
        }
        String sources =
                service("relay-verticle").at("/environment/RELAY_SOURCES").textValue();
        for (String source : sources.split(",")) {
            urls.add(source.substring(source.indexOf('=') + 1));
        }

        assertThat(urls).hasSize(6).allSatisfy(text -> {
            DatabaseUrl url = DatabaseUrl.parse(DockerFiles.withDefaults(text));
            assertThat(url.host() + ":" + url.port()).isEqualTo("postgres:5432");
            assertThat(url.user()).isEqualTo(url.database());
            assertThat(script).contains("create " + url.database() + " \"$");
        });
    }

    @Test
    void everyContainerIsToldTheBrokersAddressForContainers() throws Exception {
        JsonNode kafka = service("kafka").get("environment");
        assertThat(kafka.get("KAFKA_ADVERTISED_LISTENERS").textValue())
                .isEqualTo("CONTAINERS://kafka:19092,HOST://localhost:9092");
        for (String service : MAINS.keySet()) {
            assertThat(service(service)
                            .at("/environment/KAFKA_BOOTSTRAP_SERVERS")
                            .textValue())
                    .isEqualTo("kafka:19092");
        }
        assertThat(service("kafka-ui")
                        .at("/environment/KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS")
                        .textValue())
                .isEqualTo("kafka:19092");
    }

    @Test
    void theExampleEnvironmentNamesEveryVariableWithItsDefault() throws Exception {
        assertThat(DockerFiles.exampleEnvironment()).isEqualTo(DockerFiles.variables());
        // $$ is Compose's way to write a $ that a container's shell is to see.
        assertThat(DockerFiles.compose().toString().replaceAll("\\$\\{[A-Z_]+:-[^}]*}|\\$\\$", ""))
                .as("a variable in another form")
                .doesNotContain("$");
    }

    @Test
    void imagesArePinnedToTheVersionsThatTheTestsRunOn() throws Exception {
        String pom = Files.readString(Repository.root().resolve("pom.xml"));
        assertThat(service("kafka").get("image").textValue())
                .isEqualTo("apache/kafka:" + property(pom, "kafka.version"));
        assertThat(property(pom, "postgresql.binaries.version"))
                .startsWith(service("postgres").get("image").textValue().replace("postgres:", "") + ".");
        assertThat(service("keycloak").get("image").textValue())
                .isEqualTo("quay.io/keycloak/keycloak:" + property(pom, "keycloak.version"));
        assertThat(service("kafka-ui").get("image").textValue()).containsPattern(":v[0-9]+\\.[0-9]+\\.[0-9]+$");
        assertThat(DockerFiles.read("Dockerfile")).containsPattern("FROM eclipse-temurin:17\\.[0-9.]+_[0-9]+-jre-");
    }

    @Test
    void theServiceKnowsTheAccountThatTheRealmHasForIt() throws Exception {
        JsonNode realm = new ObjectMapper().readTree(DockerFiles.read("keycloak/doorbell-realm.json"));
        JsonNode client = realm.get("clients").get(0);
        JsonNode environment = service("customer-verticle").get("environment");
        assertThat(environment.get("KEYCLOAK_REALM")).isEqualTo(realm.get("realm"));
        assertThat(environment.get("KEYCLOAK_CLIENT_SECRET").textValue()).startsWith("${KEYCLOAK_CLIENT_SECRET:-");
        assertThat(DockerFiles.variables())
                .containsEntry(
                        "KEYCLOAK_CLIENT_SECRET", List.of(client.get("secret").textValue()));
        assertThat(help("customer-verticle"))
                .containsPattern("KEYCLOAK_CLIENT_ID\\R.*\\R.*; default "
                        + client.get("clientId").textValue() + "\\R");
        assertThat(service("keycloak").get("volumes"))
                .extracting(JsonNode::textValue)
                .contains("./keycloak/doorbell-realm.json:/opt/keycloak/data/import/doorbell-realm.json:ro");
    }

    /** In the image of version 18 a volume further down keeps nothing. */
    @Test
    void theDataOfPostgresqlIsOnAVolume() throws Exception {
        assertThat(service("postgres").get("volumes"))
                .extracting(JsonNode::textValue)
                .contains("postgres-data:/var/lib/postgresql");
        assertThat(names(DockerFiles.compose().get("volumes"))).contains("postgres-data", "kafka-data");
    }

    private static JsonNode service(String name) throws IOException {
        JsonNode service = DockerFiles.compose().get("services").get(name);
        assertThat(service).as(name).isNotNull();
        return service;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> settings(String module) throws Exception {
        Set<String> names = new TreeSet<>();
        Matcher lines = Pattern.compile("(?m)^ {2}([A-Z][A-Z_]+)$").matcher(help(module));
        while (lines.find()) {
            names.add(lines.group(1));
        }
        return names;
    }

    private static String help(String module) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), MAINS.get(module), "--help")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return help;
    }

    private static String property(String pom, String name) {
        Matcher matcher =
                Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<").matcher(pom);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }
}
