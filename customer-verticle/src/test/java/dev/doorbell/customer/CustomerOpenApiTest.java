package dev.doorbell.customer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.doorbell.customer.api.CustomerRoutes;
import dev.doorbell.customer.api.PasswordRoutes;
import dev.doorbell.customer.api.RegistrationRoutes;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.usecase.WatchRegistrations;
import dev.doorbell.service.Health;
import dev.doorbell.service.Metrics;
import dev.doorbell.service.token.Access;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract names what there is, no more and no less. */
@ExtendWith(VertxExtension.class)
class CustomerOpenApiTest {
    @Test
    void theContractNamesEveryRoute(Vertx vertx) throws Exception {
        Router router = CustomerVerticle.router(
                vertx,
                new CustomerRoutes(
                        null, null, null, Access.of(vertx, Optional.empty(), Metrics.ofProcess()), Optional.empty()),
                new RegistrationRoutes(vertx, null, null),
                new PasswordRoutes(Optional.empty()),
                new Health(),
                Metrics.ofProcess());
        Set<String> routes = new TreeSet<>();
        router.getRoutes().stream()
                // The one for all requests, which times them, is no operation.
                .filter(route -> route.methods() != null)
                .forEach(route -> route.methods()
                        .forEach(method -> routes.add(method.name() + " " + inContract(route.getPath()))));

        Set<String> operations = new TreeSet<>();
        JsonNode paths = contract().get("paths");
        paths.fieldNames()
                .forEachRemaining(path -> paths.get(path)
                        .fieldNames()
                        .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path)));

        assertThat(operations).isEqualTo(routes);
    }

    @Test
    void theContractNamesEveryStatus() throws Exception {
        assertThat(contract().at("/components/schemas/Status/enum"))
                .extracting(JsonNode::textValue)
                .containsExactlyElementsOf(Arrays.stream(RegistrationStatus.values())
                        .map(Enum::name)
                        .toList());
    }

    @Test
    void theContractSaysWhereAServiceMayFailAndWhenToTryAgain() throws Exception {
        assertThat(answersOfTheApi()).isNotEmpty().allSatisfy(answers -> {
            assertThat(answers.get("500").get("$ref").textValue()).endsWith("/Problem");
            assertThat(answers.get("503").get("$ref").textValue()).endsWith("/Unavailable");
        });
        assertThat(contract().at("/components/responses/Unavailable/headers").has("Retry-After"))
                .isTrue();
    }

    @Test
    void theContractNamesTheLimitOfWatchers() throws Exception {
        assertThat(contract()
                        .at("/paths/~1registrations~1{id}/get/responses/503/description")
                        .textValue())
                .contains(String.format(Locale.ROOT, "%,d", WatchRegistrations.WATCHERS_MAX));
    }

    /** As RegistrationRequestTest has them refused. */
    @Test
    void theContractSaysThatNoCardNumberMayStandInWhatIsKept() throws Exception {
        JsonNode kept = contract().at("/components/schemas/KeptText");
        assertThat(kept.get("description").textValue()).contains("card number", "Luhn");
        JsonNode fields = contract().at("/components/schemas/Registration/properties");
        for (String field : new String[] {"/firstName", "/lastName", "/username", "/card/properties/holderName"}) {
            assertThat(fields.at(field).path("$ref").asText()).as(field).endsWith("/KeptText");
        }
    }

    /** A path with a slash behind it is the same operation; the contract says so in words. */
    private static String inContract(String path) {
        return path.replaceAll("/$", "").replaceAll(":([a-z]+)", "{$1}");
    }

    /** Health has answers of its own. */
    private static Stream<JsonNode> answersOfTheApi() throws Exception {
        JsonNode paths = contract().get("paths");
        return paths.properties().stream()
                .filter(path ->
                        Stream.of("/health/", "/metrics", "/openapi.yaml").noneMatch(path.getKey()::startsWith))
                .flatMap(path -> path.getValue().properties().stream())
                .map(operation -> operation.getValue().get("responses"));
    }

    private static JsonNode contract() throws Exception {
        try (InputStream in = CustomerOpenApiTest.class.getResourceAsStream("/customer-openapi.yaml")) {
            JsonNode contract = new YAMLMapper().readTree(in);
            assertThat(contract.get("openapi").textValue()).startsWith("3.1.");
            return contract;
        }
    }
}
