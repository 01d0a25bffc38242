package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.DeadLetterPolicy;
import io.weir.client.RedeliveryBackoff;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.spring.Backoff;
import io.weir.spring.DeadLetter;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;
import io.weir.spring.listener.ListenerCustomizer;
import io.weir.spring.listener.WeirErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is set for one listener, by its annotation, by properties and by code. */
class ListenerSettingsTests extends ListenerMethodsFixture {

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest",
				deadLetter = @DeadLetter(topic = "${billing.dead:unbilled}", maxRedeliveries = "3"),
				backoff = @Backoff(initial = "5s", max = "PT1H"),
				properties = { "ack-timeout=2m", "receiver-queue-bytes=1MB", "acknowledgement-delay=0ms" })
		void bill(String order) {
			throw new IllegalStateException("cannot be billed");
		}

		@WeirListener(id = "audit", topics = "bills")
		void audit(String order) {
			heard.add(order);
		}

	}

	@Test
	void whatAnAnnotationSaysCountsForItsListenerOnly() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.consumer.retry.backoff.multiplier=3")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(settings("billing")).containsEntry("deadLetterPolicy", new DeadLetterPolicy(3, "unbilled"))
					.containsEntry("negativeAckRedeliveryBackoff",
							RedeliveryBackoff.exponential(Duration.ofSeconds(5), 3, Duration.ofHours(1)))
					.containsEntry("ackTimeout", Duration.ofMinutes(2))
					.containsEntry("receiverQueueBytes", 1024L * 1024)
					.containsEntry("acknowledgementDelay", Duration.ZERO);
				assertThat(settings("audit").get("deadLetterPolicy")).isNull();
				assertThat(settings("audit"))
					.containsEntry("negativeAckRedeliveryBackoff",
							RedeliveryBackoff.exponential(Duration.ofSeconds(1), 3, Duration.ofMinutes(1)))
					.containsEntry("ackTimeout", Duration.ZERO);
			});
	}

	@Test
	void whatIsSetForAnIdCountsMoreThanItsAnnotation() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.listeners.billing.subscription-type=key-shared",
					"weir.listeners.billing.initial-position=latest", "weir.listeners.billing.concurrency=2",
					"weir.listeners.billing.dead-letter.max-redeliveries=7",
					"weir.listeners.billing.retry.backoff.initial=1m", "weir.listeners.billing.receiver-queue-size=5")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(this.client.consumers).filteredOn((consumer) -> consumer.subscription().equals("billing"))
					.hasSize(2)
					.allSatisfy((consumer) -> assertThat(consumer.settings)
						.containsEntry("subscriptionType", SubscriptionType.KEY_SHARED)
						.containsEntry("initialPosition", InitialPosition.LATEST)
						.containsEntry("receiverQueueSize", 5)
						.containsEntry("deadLetterPolicy", new DeadLetterPolicy(7, "unbilled"))
						.containsEntry("negativeAckRedeliveryBackoff",
								RedeliveryBackoff.exponential(Duration.ofMinutes(1), 2, Duration.ofHours(1))));
				assertThat(settings("audit")).containsEntry("subscriptionType", SubscriptionType.SHARED)
					.containsEntry("receiverQueueSize", 1000);
			});
	}

	@Test
	void aNumberOfRedeliveriesIsEnoughToHaveDeadLetters() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.listeners.audit.dead-letter.max-redeliveries=2")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(settings("audit")).containsEntry("deadLetterPolicy", new DeadLetterPolicy(2, null));
			});
	}

	@Test
	void aNumberOfRedeliveriesForAllIsEnoughToHaveDeadLetters() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.consumer.dead-letter.max-redeliveries=4")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(settings("audit")).containsEntry("deadLetterPolicy", new DeadLetterPolicy(4, null));
			});
	}

	@Test
	void aListenerMayHaveNoDeadLettersThoughAllOthersHave() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.consumer.dead-letter.enabled=true",
					"weir.listeners.billing.dead-letter.enabled=false")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(settings("billing").get("deadLetterPolicy")).isNull();
				assertThat(settings("audit")).containsEntry("deadLetterPolicy", new DeadLetterPolicy(10, null));
			});
	}

	@Test
	void anErrorHandlerThatIsNamedForOneListenerServesNoOther() {
		this.runner.withUserConfiguration(Listeners.class)
			.withBean("discard", WeirErrorHandler.class,
					() -> (listener, message, failure) -> WeirErrorHandler.Decision.discard())
			.withPropertyValues("weir.listeners.billing.error-handler=discard")
			.run((context) -> {
				awaitSubscribed(context);
				deliver("orders", "o-1");
				await().untilAsserted(() -> assertThat(this.client.consumers)
					.filteredOn((consumer) -> consumer.subscription().equals("billing"))
					.allSatisfy((consumer) -> assertThat(consumer.acknowledged).hasSize(1)));
			});
	}

	@Test
	void propertiesSayWhichFailuresAreNotRetried() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.listener.non-retryable=java.lang.IllegalStateException",
					"weir.listener.key-concurrency=3")
			.run((context) -> {
				awaitSubscribed(context);
				MessageId id = deliver("orders", "o-1");
				await().untilAsserted(() -> assertThat(consumer("orders").givenUp).containsKey(id));
			});
	}

	@Test
	void oneListenerMayRetryWhatAllOthersDoNot() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.listener.non-retryable=java.lang.IllegalStateException",
					"weir.listeners.billing.retryable=java.lang.IllegalStateException")
			.run((context) -> {
				awaitSubscribed(context);
				MessageId id = deliver("orders", "o-1");
				await().untilAsserted(() -> assertThat(consumer("orders").negativelyAcknowledged).contains(id));
				assertThat(consumer("orders").givenUp).doesNotContainKey(id);
			});
	}

	@Test
	void customizersKnowTheListenerAndHaveTheLastWord() {
		this.runner.withUserConfiguration(Listeners.class, Customizers.class)
			.withPropertyValues("weir.listeners.billing.receiver-queue-size=5")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(settings("billing")).containsEntry("receiverQueueSize", 6).containsEntry("name", "orders");
				assertThat(settings("audit")).containsEntry("receiverQueueSize", 1000).doesNotContainKey("name");
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		ListenerCustomizer customizer() {
			return (listener) -> {
				if (listener.id().equals("billing")) {
					listener.customizeConsumer((topic, consumer) -> consumer.receiverQueueSize(6).name(topic));
				}
			};
		}

	}

	@Test
	void aCustomizerThatFailsFailsTheStartAndNamesTheListener() {
		this.runner.withUserConfiguration(Listeners.class).withBean(ListenerCustomizer.class, () -> (listener) -> {
			throw new UnsupportedOperationException("not today");
		})
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("Listener '", "cannot be customized: not today"));
	}

	@ParameterizedTest
	@CsvSource({ "biling.concurrency, 2, 'no listener with this id; there are [audit, billing]'",
			"billing.concurency, 2, weir.listeners.billing.concurrency", "billing.concurrency, 0, at least 1",
			"billing.concurrency, many, convert", "billing.shutdown-timeout, PT-1S, from 0",
			"billing.key-concurrency, 0, at least 1",
			"billing.non-retryable, java.lang.String, must name exceptions only",
			"billing.receiver-queue-size, 0, at least 1", "billing.retry.backoff.multiplier, 0.5, at least 1",
			"billing.dead-letter.max-redeliveries, -1, at least 0", "billing.dead-letter.topic, a b, letters",
			"billing.error-handler, absent, 'no WeirErrorHandler bean of this name; there are []'" })
	void wrongSettingsFailTheStartNamingThemAndWhatIsAllowed(String key, String value, String allowed) {
		this.runner.withUserConfiguration(Listeners.class)
			.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class))
			.withPropertyValues("weir.listeners." + key + "=" + value)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()))
				.satisfies((analysis) -> assertThat(analysis.getDescription() + analysis.getAction())
					.contains("weir.listeners." + key.substring(0, key.indexOf('.')), allowed)));
	}

	@Test
	void deadLettersMustNotGoBackToATopicThatIsConsumed() {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("weir.listeners.billing.dead-letter.topic=orders")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("Listener 'billing' has dead-letter topic 'orders'", "must not be a topic"));
	}

	@ParameterizedTest
	@CsvSource({ "ack-timeout=soon, ack-timeout 'soon', a duration, as 30s",
			"receiver-queue-bytes=much, receiver-queue-bytes 'much', a size",
			"ack-time=2s, property 'ack-time=2s', acknowledgement-delay" })
	void wrongPropertiesOfAnAnnotationAreNamedWithWhatIsAllowed(String property, String named, String allowed) {
		this.runner.withUserConfiguration(Property.class)
			.withPropertyValues("wrong.property=" + property)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains(named, allowed));
	}

	@Configuration(proxyBeanMethods = false)
	static class Property {

		@WeirListener(id = "billing", topics = "orders", properties = "${wrong.property}")
		void bill(String order) {
		}

	}

	private Map<String, Object> settings(String subscription) {
		List<Map<String, Object>> settings = this.client.consumers.stream()
			.filter((consumer) -> consumer.subscription().equals(subscription))
			.map((consumer) -> consumer.settings)
			.toList();
		assertThat(settings).hasSize(1);
		return settings.get(0);
	}

}
