package io.weir.starter;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span.Kind;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.exporter.SpanReporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.ServerHttpObservationFilter;

import io.weir.broker.Broker;
import io.weir.message.Message;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/** One trace goes with a message wherever it goes, with whichever tracer. */
@Timeout(60)
abstract class TraceContract {

	static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	static final String CALLER = "b7ad6b7169203331";

	private final Queue<FinishedSpan> finished = new ConcurrentLinkedQueue<>();

	/** What makes the tracer. */
	abstract List<Class<?>> tracer();

	/** Runs an application whose caller has a trace. */
	void run(Map<String, String> callersHeaders, Check check, String... properties) {
		try (Broker broker = Broker.builder().inProcess().build().start()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class,
						ObservationAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
				.withConfiguration(AutoConfigurations.of(tracer().toArray(Class[]::new)))
				.withPropertyValues("weir.client.service-url=" + broker.serviceUrl())
				.withPropertyValues(properties)
				.withBean(SpanReporter.class, () -> this.finished::add)
				.withBean(Billing.class)
				.run((context) -> {
					WeirListenerRegistry listeners = context.getBean(WeirListenerRegistry.class);
					await().until(() -> listeners.getContainers()
						.stream()
						.allMatch((each) -> each.getStatus().state() == ListenerState.RUNNING));
					order(context, callersHeaders);
					check.check(context.getBean(Billing.class));
				});
		}
	}

	private static void order(ApplicationContext context, Map<String, String> headers) throws Exception {
		MockMvc http = MockMvcBuilders.standaloneSetup(new Orders(context.getBean(WeirTemplate.class)))
			.addFilters(new ServerHttpObservationFilter(context.getBean(ObservationRegistry.class)))
			.build();
		var request = post("/orders").content("three");
		headers.forEach(request::header);
		http.perform(request);
	}

	FinishedSpan span(String name) {
		return span((span) -> span.getName().equals(name));
	}

	private FinishedSpan span(Predicate<FinishedSpan> wanted) {
		await().until(() -> this.finished.stream().anyMatch(wanted));
		return this.finished.stream().filter(wanted).findFirst().orElseThrow();
	}

	/** Of the request, the messages that follow from it, and their listeners. */
	void assertOneTrace() {
		String parent = CALLER;
		for (Map.Entry<String, Kind> step : List.of(Map.entry("http post /orders", Kind.SERVER),
				Map.entry("send orders", Kind.PRODUCER), Map.entry("receive orders", Kind.CONSUMER),
				Map.entry("send bills", Kind.PRODUCER), Map.entry("receive bills", Kind.CONSUMER))) {
			FinishedSpan span = span(step.getKey());
			assertThat(span.getTraceId()).as(step.getKey()).isEqualTo(TRACE_ID);
			assertThat(span.getParentId()).as("parent of " + step.getKey()).isEqualTo(parent);
			assertThat(span.getKind()).as(step.getKey()).isEqualTo(step.getValue());
			parent = span.getSpanId();
		}
	}

	static Map<String, String> traceparent() {
		return Map.of("traceparent", "00-" + TRACE_ID + "-" + CALLER + "-01");
	}

	@Test
	void traceGoesFromARequestThroughTemplateAndListenerToTheListenerOfItsReply() {
		run(traceparent(), (billing) -> {
			assertOneTrace();
			assertThat(billing.headersOfBill.get("traceparent"))
				.isEqualTo("00-" + TRACE_ID + "-" + span("send bills").getSpanId() + "-01");
			assertThat(span("receive bills").getTags()).containsEntry("messaging.system", "weir")
				.containsEntry("messaging.destination.name", "bills")
				.containsEntry("weir.listener.id", "sending")
				.containsKey("messaging.message.id");
		});
	}

	@Test
	void batchHasATraceOfItsOwnAndEachMessageThatOfItsSender() {
		run(traceparent(), (billing) -> {
			// Only that of a single message names it.
			FinishedSpan batch = span((span) -> span.getName().equals("receive audits")
					&& !span.getTags().containsKey("messaging.message.id"));
			assertThat(batch.getTraceId()).isNotEqualTo(TRACE_ID);
			assertThat(batch.getParentId()).isIn(null, "0000000000000000");
			assertThat(billing.traceOfBatch).hasSizeGreaterThan(1).allMatch((trace) -> trace.contains(TRACE_ID));
		}, "management.tracing.sampling.probability=1");
	}

	/** Is given the listeners when the request is over. */
	interface Check {

		void check(Billing billing) throws Exception;

	}

	@RestController
	static final class Orders {

		private final WeirTemplate template;

		Orders(WeirTemplate template) {
			this.template = template;
		}

		@PostMapping("/orders")
		void order(@RequestBody String order) {
			this.template.send("orders", order);
			// So many that some are stored, and delivered, together.
			CompletableFuture
				.allOf(IntStream.range(0, 100)
					.mapToObj((i) -> this.template.sendAsync("audits", order))
					.toArray(CompletableFuture[]::new))
				.join();
		}

	}

	static class Billing {

		final Map<String, Object> headersOfBill = new ConcurrentHashMap<>();

		/** Of the messages of the first batch of several. */
		volatile List<String> traceOfBatch = List.of();

		@WeirListener(id = "billing", topics = "orders")
		@SendTo("bills")
		String bill(String order) {
			return "bill of " + order;
		}

		@WeirListener(id = "sending", topics = "bills")
		void send(String bill, @Headers Map<String, Object> headers) {
			this.headersOfBill.putAll(headers);
		}

		@WeirListener(id = "audit", topics = "audits", batch = "true")
		void audit(List<Message<String>> orders) {
			if (orders.size() > 1 && this.traceOfBatch.isEmpty()) {
				this.traceOfBatch = orders.stream()
					.map((order) -> String.valueOf(order.headers().get("traceparent")))
					.toList();
			}
		}

	}

}
