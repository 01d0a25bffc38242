package io.weir.starter;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/** Traces with Brave, in the W3C's headers and in its own. */
class BraveTraceTests extends TraceContract {

	@Override
	List<Class<?>> tracer() {
		return List.of(BraveAutoConfiguration.class);
	}

	@Test
	void traceGoesWithTheHeadersOfB3AsWell() {
		run(Map.of("b3", TRACE_ID + "-" + CALLER + "-1"), (billing) -> {
			assertOneTrace();
			assertThat(billing.headersOfBill.get("b3")).asString()
				.startsWith(TRACE_ID + "-" + span("send bills").getSpanId() + "-1");
		}, "management.tracing.propagation.type=b3");
	}

}
