package io.weir.spring.autoconfigure;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.annotation.Validated;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.listener.WeirErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code @Valid} and {@code @Validated} on parameters of listeners. */
class ListenerValidationTests extends ListenerMethodsFixture {

	record Bill(@Min(1) int amount, @Max(value = 10, groups = Small.class) int discount) {
	}

	interface Small {

	}

	@Test
	void payloadThatIsNotValidNeverReachesTheMethod() {
		for (String topic : List.of("valid", "validated", "expression", "message")) {
			validating(topic, "{\"amount\":1,\"discount\":1}", "{\"amount\":0,\"discount\":1}", "amount");
		}
	}

	@Test
	void groupsOfValidatedChooseWhatIsChecked() {
		validating("group", "{\"amount\":0,\"discount\":10}", "{\"amount\":1,\"discount\":11}", "discount");
	}

	private void validating(String topic, String valid, String invalid, String named) {
		this.runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withUserConfiguration(Validating.class)
			.run((context) -> {
				awaitSubscribed(context);
				MessageId bad = deliver(topic, invalid);
				await().untilAsserted(() -> assertThat(heard).singleElement()
					.isInstanceOfSatisfying(MethodArgumentNotValidException.class,
							(failure) -> assertThat(failure).hasMessageContaining(named)));
				await().untilAsserted(() -> assertThat(this.client.consumers)
					.anySatisfy((consumer) -> assertThat(consumer.acknowledged).containsExactly(bad)));
				heard.clear();
				deliver(topic, valid);
				awaitHeard(topic);
				this.client.consumers.clear();
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Validating {

		@WeirListener(id = "valid", topics = "valid")
		void valid(@Valid Bill bill) {
			heard.add("valid");
		}

		@WeirListener(id = "validated", topics = "validated")
		void validated(@Validated @Payload Bill bill) {
			heard.add("validated");
		}

		@WeirListener(id = "expression", topics = "expression")
		void expression(@Valid @Payload("#root") Bill bill) {
			heard.add("expression");
		}

		@WeirListener(id = "message", topics = "message")
		void message(@Valid Message<Bill> bill) {
			heard.add("message");
		}

		@WeirListener(id = "group", topics = "group")
		void group(@Validated(Small.class) Bill bill) {
			heard.add("group");
		}

		@Bean
		WeirErrorHandler weirErrorHandler() {
			return (listener, message, failure) -> {
				heard.add(failure);
				return WeirErrorHandler.Decision.discard();
			};
		}

	}

	@Test
	void payloadOfABatchThatIsNotValidFailsAlone() {
		this.runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withUserConfiguration(Batch.class)
			.run((context) -> {
				awaitSubscribed(context);
				deliver("batch", "{\"amount\":1,\"discount\":1}");
				MessageId bad = deliver("batch", "{\"amount\":0,\"discount\":1}");
				deliver("batch", "{\"amount\":3,\"discount\":1}");
				awaitHeard(1, 3);
				await()
					.untilAsserted(() -> assertThat(this.client.consumer(0).negativelyAcknowledged).containsOnly(bad));
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Batch {

		@WeirListener(id = "batch", topics = "batch", batch = "true")
		void batch(@Valid List<Bill> bills) {
			bills.forEach((bill) -> heard.add(bill.amount()));
		}

	}

	@Test
	void validationWithoutAValidatorIsRefusedAtStart() {
		this.runner.withUserConfiguration(Batch.class)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(
					"Batch.batch", "parameter 0", "@Valid needs a bean of type", "Validator",
					"spring-boot-starter-validation"));
	}

}
