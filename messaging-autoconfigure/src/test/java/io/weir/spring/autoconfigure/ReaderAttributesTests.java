package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirReader;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.listener.WeirMessageFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What {@code @WeirReader} says, and what is told of it when that is wrong. */
class ReaderAttributesTests extends ListenerMethodsFixture {

	@Configuration(proxyBeanMethods = false)
	static class Placeholders {

		@WeirReader(id = "${my.id}", topics = "${my.topics}", startAt = "${my.start}", partitions = "${my.partitions}",
				compacted = "${my.compacted}", batch = "${my.batch}", autoStartup = "${my.auto}",
				errorHandler = "${my.handler}", filter = "${my.filter}", group = "${my.group}",
				properties = "receiver-queue-size=${my.size}")
		void batch(List<String> values) {
			heard.add(values);
		}

		@Bean
		WeirErrorHandler discard() {
			return (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		}

		@Bean
		WeirMessageFilter notEmpty() {
			return (message) -> message.payload().length > 0;
		}

	}

	@Test
	void everyAttributeMayHoldPlaceholdersAndSettingsOfTheIdCountMore() {
		this.runner.withUserConfiguration(Placeholders.class)
			.withPropertyValues("my.id=prices", "my.topics=prices, discounts", "my.start=earliest",
					"my.partitions=0-2,5", "my.compacted=true", "my.batch=true", "my.auto=false", "my.handler=discard",
					"my.filter=notEmpty", "my.group=caches", "my.size=5", "weir.listeners.prices.auto-startup=true",
					"weir.listeners.prices.receiver-queue-size=7")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(this.client.consumers).isEmpty();
				assertThat(this.client.readers).hasSize(2)
					.allSatisfy(
							(reader) -> assertThat(reader.settings).containsEntry("startAt", InitialPosition.EARLIEST)
								.hasEntrySatisfying("partitions",
										(partitions) -> assertThat(partitions).isEqualTo(new int[] { 0, 1, 2, 5 }))
								.containsEntry("compacted", true)
								.containsEntry("receiverQueueSize", 7))
					.extracting(FakeConsumer::topic)
					.containsExactlyInAnyOrder("prices", "discounts");
				assertThat(context.getBean(WeirListenerRegistry.class).getGroup("caches")).hasSize(1);
				deliver("prices", "");
				deliver("prices", "a");
				awaitHeard(List.of("a"));
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Starting {

		@WeirReader(id = "prices", topics = "${my.topics:prices}", startAt = "${my.start}",
				partitions = "${my.partitions:}", compacted = "${my.compacted:}")
		void price(String price) {
			heard.add(price);
		}

	}

	@ParameterizedTest
	@CsvSource({ "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00, 2026-01-31T12:00:00Z",
			"0:0:42:7, 0:0:42:7", "latest, LATEST" })
	void placeToStartAtIsAnEndATimeOrAMessage(String start, String expected) {
		this.runner.withUserConfiguration(Starting.class)
			.withPropertyValues("my.start=" + start)
			.run((context) -> await().untilAsserted(() -> assertThat(this.client.readers).singleElement()
				.satisfies((reader) -> assertThat(reader.settings).containsEntry("startAt",
						expected.equals("LATEST") ? InitialPosition.LATEST
								: start.startsWith("0") ? MessageId.parse(expected) : Instant.parse(expected)))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "my.start=soon | startAt 'soon' | earliest, latest, a time",
					"my.start=unknown | startAt 'unknown' | a message id", "my.start= | startAt '' | earliest",
					"my.topics=a,b | startAt '0:0:1:0' | several topics", "my.topics=a.* | topic 'a.*' | not a pattern",
					"my.partitions=2-1 | partitions '2-1' | 0-2,5", "my.partitions=x | partitions 'x' | 0 to 1023",
					"my.partitions=1024 | partitions '1024' | 0 to 1023",
					"my.compacted=perhaps | compacted 'perhaps' | true or",
					"weir.listeners.prices.concurrency=2 | concurrency 2 | must be 1",
					"weir.listeners.prices.ack-mode=batch | ack-mode 'BATCH' | have a subscription",
					"weir.listeners.prices.dead-letter.topic=x | dead-letter.topic 'x' | have a subscription" })
	void whatCannotWorkFailsAtStartNamingItAndWhatIsAllowed(String property, String named, String allowed) {
		this.runner.withUserConfiguration(Starting.class)
			.withPropertyValues("my.start=0:0:1:0")
			.withPropertyValues(property)
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains(Starting.class.getName() + ".price", named, allowed);
			});
	}

	@Test
	void placeThatIsSetForTheIdCountsMoreThanTheAnnotation() {
		this.runner.withUserConfiguration(Starting.class)
			.withPropertyValues("my.start=0:0:42:7", "weir.listeners.prices.initial-position=earliest")
			.run((context) -> await().untilAsserted(() -> assertThat(this.client.readers).singleElement()
				.satisfies(
						(reader) -> assertThat(reader.settings).containsEntry("startAt", InitialPosition.EARLIEST))));
	}

	@Configuration(proxyBeanMethods = false)
	static class Acknowledging {

		@WeirReader(topics = "prices", startAt = "latest")
		void price(String price, Acknowledgement acknowledgement) {
		}

	}

	@Test
	void acknowledgementAsParameterIsRefused() {
		this.runner.withUserConfiguration(Acknowledging.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContainingAll("Acknowledging.price", "a reader has nothing to acknowledge"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@WeirReader(id = "prices", topics = "prices", startAt = "latest")
		void price(Order order) {
			heard.add(order);
			if (order.amount() < 0 && heard.size() < 3) {
				throw new IllegalStateException("planted");
			}
		}

	}

	@Test
	void messageIsRetriedInPlaceAfterTheBackOffAndOneThatCannotBeDecodedIsLeftOut() {
		this.runner.withUserConfiguration(Failing.class)
			.withPropertyValues("weir.listeners.prices.retry.backoff.initial=1ms",
					"weir.listeners.prices.retry.backoff.max=" + Duration.ofMillis(2))
			.run((context) -> {
				awaitSubscribed(context);
				deliver("prices", "{\"id\":\"a\",\"amount\":-1}");
				deliver("prices", "no order");
				deliver("prices", "{\"id\":\"b\",\"amount\":1}");
				awaitHeard(new Order("a", -1), new Order("a", -1), new Order("a", -1), new Order("b", 1));
			});
	}

}
