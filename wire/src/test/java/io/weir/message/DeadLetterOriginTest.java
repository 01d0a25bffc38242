package io.weir.message;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeadLetterOriginTest {

	private static final DeadLetterOrigin ORIGIN = new DeadLetterOrigin("orders", "billing", MessageId.parse("0:1:2:3"),
			10, "no such account");

	@Test
	void originMustSurviveTheHeaders() {
		Headers headers = ORIGIN.addTo(Headers.of(Map.of("own", "value")));
		assertThat(DeadLetterOrigin.of(headers)).isEqualTo(ORIGIN);
		assertThat(headers.get("own")).isEqualTo("value");
	}

	@Test
	void laterOriginMustReplaceAnEarlierOne() {
		DeadLetterOrigin later = new DeadLetterOrigin("orders.dead", "repair", MessageId.parse("0:0:0:0"), 4, "");
		assertThat(DeadLetterOrigin.of(later.addTo(ORIGIN.addTo(Headers.empty())))).isEqualTo(later);
	}

	@ParameterizedTest
	@CsvSource({ "weir_origin_message_id, nonsense", "weir_origin_redelivery_count, many" })
	void headersOfAnotherMeaningMustBeNoOrigin(String name, String value) {
		assertThat(DeadLetterOrigin.of(ORIGIN.addTo(Headers.empty()).with(name, value))).isNull();
		assertThat(DeadLetterOrigin.of(Headers.of(Map.of(name, value)))).isNull();
		assertThat(DeadLetterOrigin.of(Headers.empty())).isNull();
	}

}
