package dev.doorbell.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MessageJsonTest {
    private static final UUID CUSTOMER = UUID.fromString("0190a5c6-0000-7000-8000-000000000001");

    @Test
    void aMessageComesBackAsItWas() {
        var message = new CustomerPendingRegistration(
                CUSTOMER,
                "Ada",
                "Sample",
                new Card("visa", "************1111", "A Sample", LocalDate.of(2030, 1, 31), new BigDecimal("2.0000")));
        assertThat(MessageJson.decode(MessageJson.encode(message), CustomerPendingRegistration.class))
                .isEqualTo(message);
    }

    @Test
    void moneyAndDatesAreStrings() {
        var message = new PaymentAuthorized(CUSTOMER, CUSTOMER, new BigDecimal("2.00"), "EUR");
        assertThat(new String(MessageJson.encode(message), StandardCharsets.UTF_8))
                .contains("\"amount\":\"2.00\"");
    }

    @Test
    void aFieldOfTheFutureIsIgnored() {
        byte[] payload = ("{\"customerId\":\"" + CUSTOMER + "\",\"later\":1}").getBytes(StandardCharsets.UTF_8);
        assertThat(MessageJson.decode(payload, CustomerRegistrationDeadLock.class))
                .isEqualTo(new CustomerRegistrationDeadLock(CUSTOMER));
    }

    @Test
    void aMissingFieldAndBytesThatAreNoJsonAreRefusedWithoutRepeatingThem() {
        for (String payload : new String[] {"{}", "null", "secret", ""}) {
            assertThatThrownBy(() -> MessageJson.decode(
                            payload.getBytes(StandardCharsets.UTF_8), CustomerRegistrationDeadLock.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .hasMessage("The payload is not a CustomerRegistrationDeadLock.");
        }
    }
}
