package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.spring.WeirTemplate;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How producers and consumers end with the application. */
class ClosingBeansTests extends AutoConfigurationFixture {

	/** Who waited for one of them before the next would wait for ever. */
	@Test
	@Timeout(60)
	void allProducersAndConsumersBeginToCloseBeforeTheFirstHasEnded() {
		this.client.end = new CompletableFuture<>();
		ApplicationContextRunner named = this.fake.withPropertyValues("weir.consumers.audit.topic=t",
				"weir.consumers.audit.subscription=s", "weir.consumers.audit.type=java.lang.String");
		for (int i = 0; i < 12; i++) {
			named = named.withPropertyValues("weir.producers.p" + i + ".topic=t" + i,
					"weir.producers.p" + i + ".type=java.lang.String");
		}
		named.run((context) -> {
			context.getBean(WeirTemplate.class).send("u", "value");
			context.getSourceApplicationContext().close();
			assertThat(this.client.producers).hasSize(13).allMatch((producer) -> producer.closed);
			assertThat(this.client.consumers).singleElement().matches((consumer) -> consumer.closed);
			assertThat(this.client.closed).isTrue();
		});
	}

	/** Whoever makes some as beans need not know what Spring does with them. */
	@Test
	@Timeout(60)
	void producersAndConsumersThatApplicationsMakeAsBeansAreClosedSideBySideAndWaitedFor() {
		CompletableFuture<Void> end = new CompletableFuture<>();
		this.client.end = end;
		this.fake.withUserConfiguration(OwnClients.class).run((context) -> {
			CompletableFuture<Void> allClosing = CompletableFuture.runAsync(() -> {
				await().atMost(Duration.ofSeconds(30))
					.until(() -> this.client.producers.stream().allMatch((producer) -> producer.closed)
							&& this.client.consumers.stream().allMatch((consumer) -> consumer.closed));
				end.complete(null);
			});
			context.getSourceApplicationContext().close();
			assertThat(this.client.producers).hasSize(2);
			assertThat(this.client.consumers).hasSize(1);
			assertThat(end).isCompleted();
			allClosing.join();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClients {

		@Bean
		Producer<String> first(WeirClient client) {
			return client.producer(Schema.string()).topic("first").create();
		}

		@Bean
		Producer<String> second(WeirClient client) {
			return client.producer(Schema.string()).topic("second").create();
		}

		@Bean
		Consumer<String> audit(WeirClient client) {
			return client.consumer(Schema.string()).topic("first").subscription("s").subscribe();
		}

	}

	/** What an application says itself about the end of a bean holds. */
	@Test
	void destroyMethodThatAnApplicationNamesIsLeftAsItIs() {
		this.fake
			.withBean("own", Producer.class, () -> this.client.producer(Schema.string()).topic("own").create(),
					(definition) -> definition.setDestroyMethodName("flush"))
			.run((context) -> {
				context.getSourceApplicationContext().close();
				assertThat(this.client.producers).singleElement()
					.matches((producer) -> producer.flushed && !producer.closedBeforeItsClient);
			});
	}

	/** Whoever still sends when it is destroyed finds its producers open. */
	@Test
	void beansMayPublishWhenTheyAreDestroyed() {
		this.fake.withUserConfiguration(LastWords.class)
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String")
			.run((context) -> {
				context.getSourceApplicationContext().close();
				assertThat(this.client.producers).allSatisfy((producer) -> {
					assertThat(producer.payloads()).containsExactly("the last");
					assertThat(producer.sentAfterTheEnd).isZero();
					assertThat(producer.closed).isTrue();
				}).hasSize(2);
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class LastWords {

		@Bean
		DisposableBean lastWords(Producer<String> orders, WeirTemplate template) {
			return () -> {
				orders.send("the last");
				template.send("others", "the last");
			};
		}

	}

}
