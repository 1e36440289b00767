package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoTest {
    private final List<String> made = new ArrayList<>();
    private final Memo<String> memo = new Memo<>(name -> {
        made.add(name);
        return name + "!";
    });

    @Test
    void makesOneThingOfOneNameOnce() {
        assertThat(memo.of("a")).isSameAs(memo.of("a")).isEqualTo("a!");
        assertThat(memo.of("b")).isEqualTo("b!");
        assertThat(made).containsExactly("a", "b");
    }

    @Test
    void forgetsWhenThereAreTooManyNames() {
        memo.of("first");
        for (int i = 1; i < Memo.NAMES_MAX; i++) {
            memo.of("name " + i);
        }
        memo.of("first");
        assertThat(made).hasSize(Memo.NAMES_MAX);
        memo.of("one too many");
        assertThat(memo.of("first")).isEqualTo("first!");
        assertThat(made).hasSize(Memo.NAMES_MAX + 2);
    }
}
