package io.weir.starter;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;

/** Traces with OpenTelemetry. */
class OpenTelemetryTraceTests extends TraceContract {

	@Override
	List<Class<?>> tracer() {
		return List.of(OpenTelemetrySdkAutoConfiguration.class, OpenTelemetryTracingAutoConfiguration.class);
	}

	/** Spans are told of at once, not every five seconds. */
	@Override
	void run(Map<String, String> callersHeaders, Check check, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 1);
		all[properties.length] = "management.opentelemetry.tracing.export.schedule-delay=5ms";
		super.run(callersHeaders, check, all);
	}

}
