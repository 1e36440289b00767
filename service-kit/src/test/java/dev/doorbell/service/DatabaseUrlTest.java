package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @Test
    void partsAreDecodedAndThePortHasADefault() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://a%40b:p%2F%3A+%25@db.example/my%20data");
        assertThat(url).isEqualTo(new DatabaseUrl("db.example", 5432, "my data", "a@b", "p/:+%"));
        assertThat(DatabaseUrl.parse("postgresql://a:b@customers_db:6000/c").host())
                .isEqualTo("customers_db");
        assertThat(DatabaseUrl.parse("postgres://a:b@[::1]:6000/c").port()).isEqualTo(6000);
        assertThat(DatabaseUrl.parse("postgres://a:b@[::1]:6000/c")
                        .connectOptions("x")
                        .getHost())
                .isEqualTo("::1");
    }

    @Test
    void itsTextHasNoPassword() {
        assertThat(DatabaseUrl.parse("postgresql://ada:sesame@db/customers"))
                .hasToString("postgresql://ada@db:5432/customers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db",
                "mysql://ada:sesame@db/x",
                "postgresql://db/x",
                "postgresql://ada@db/x",
                "postgresql://ada:sesame@/x",
                "postgresql://ada:sesame@db",
                "postgresql://ada:sesame@db/",
                "postgresql://ada:sesame@db/x?sslmode=require",
                "postgresql://ada:sesame@db:port/x",
                "postgresql://ada:sesame@db:123456/x",
                "postgresql://ada:ses ame@db/x"
            })
    void whatIsNoDatabaseIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("sesame");
    }
}
