package io.weir.message;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HeadersTest {

	@Test
	void aHeaderIsAddedAndTheOriginalStaysAsItWas() {
		Headers one = Headers.empty().with("a", "1");
		Headers two = one.with("b", "2");
		assertThat(one.asMap()).isEqualTo(Map.of("a", "1"));
		assertThat(two.asMap()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
		assertThat(two.size()).isEqualTo(2);
	}

	@Test
	void aHeaderOfTheSameNameIsReplaced() {
		assertThat(Headers.empty().with("a", "1").with("a", "2").asMap()).isEqualTo(Map.of("a", "2"));
	}

	@Test
	void namesAreCaseSensitive() {
		Headers headers = Headers.empty().with("a", "1");
		assertThat(headers.get("a")).isEqualTo("1");
		assertThat(headers.get("A")).isNull();
	}

	@Test
	void laterChangesOfTheSourceDoNotShow() {
		Map<String, String> source = new LinkedHashMap<>(Map.of("a", "1"));
		Headers headers = Headers.of(source);
		source.put("a", "2");
		assertThat(headers.get("a")).isEqualTo("1");
	}

	@Test
	void theMapCannotBeChanged() {
		Headers headers = Headers.of(Map.of("a", "1"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.asMap().put("b", "2"));
	}

	@Test
	void equalEntriesMakeEqualHeaders() {
		assertThat(Headers.of(Map.of("a", "1"))).isEqualTo(Headers.empty().with("a", "1"))
			.hasSameHashCodeAs(Headers.empty().with("a", "1"))
			.isNotEqualTo(Headers.empty());
		assertThat(Headers.of(Map.of())).isSameAs(Headers.empty());
	}

}
