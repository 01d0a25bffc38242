package io.weir.spring.autoconfigure;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.WeirClient;
import io.weir.spring.DefaultWeirConsumerFactory;
import io.weir.spring.WeirListener;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.observation.WeirObservations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which error handler and which container factory serves which listener. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerBeansTests {

	private static final Queue<String> asked = new ConcurrentLinkedQueue<>();

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
		.withUserConfiguration(Listeners.class)
		.withBean(FakeWeirClient.class, () -> this.client)
		.withInitializer((context) -> asked.clear());

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@WeirListener(id = "plain", topics = "plain")
		void plain(String text) {
			throw new IllegalStateException("planted");
		}

		@WeirListener(id = "special", topics = "special", errorHandler = "${special.handler:}",
				containerFactory = "${special.factory:}")
		void special(String text) {
			throw new IllegalStateException("planted");
		}

	}

	private static WeirErrorHandler handler(String name) {
		return (listener, message, failure) -> {
			asked.add(name + " about " + listener);
			return WeirErrorHandler.Decision.discard();
		};
	}

	private static WeirListenerContainerFactory factory(WeirClient client, String name) {
		return new DefaultWeirListenerContainerFactory(new DefaultWeirConsumerFactory(client),
				ListenerDefaults.DEFAULTS, handler(name), WeirObservations.NOOP, false);
	}

	private void fail(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		await().until(() -> context.getBean(WeirListenerRegistry.class)
			.getContainers()
			.stream()
			.allMatch((container) -> container.getStatus().state() == ListenerState.RUNNING));
		this.client.publish("plain", "a");
		this.client.publish("special", "a");
		await().untilAsserted(() -> assertThat(context.getBean(WeirListenerRegistry.class).getContainers())
			.allSatisfy((container) -> assertThat(container.getStatus().failed()).isPositive()));
	}

	@Test
	void errorHandlerNamedByOneListenerServesNoOther(CapturedOutput output) {
		this.runner.withBean("mine", WeirErrorHandler.class, () -> handler("mine"))
			.withPropertyValues("special.handler=mine")
			.run((context) -> {
				fail(context);
				await().untilAsserted(() -> assertThat(asked).containsExactly("mine about special"));
				assertThat(output).doesNotContain("No listener names");
			});
	}

	@Test
	void secondErrorHandlerChangesNothingForTheOthers() {
		this.runner.withBean("mine", WeirErrorHandler.class, () -> handler("mine"))
			.withBean("other", WeirErrorHandler.class, () -> handler("other"))
			.withBean("weirErrorHandler", WeirErrorHandler.class, () -> handler("default"))
			.withPropertyValues("special.handler=mine")
			.run((context) -> {
				fail(context);
				await().untilAsserted(
						() -> assertThat(asked).containsExactlyInAnyOrder("mine about special", "default about plain"));
			});
	}

	@Test
	void errorHandlerThatNobodyNamesServesNobodyAndThatIsSaid(CapturedOutput output) {
		this.runner.withBean("lonely", WeirErrorHandler.class, () -> handler("lonely")).run((context) -> {
			fail(context);
			assertThat(asked).isEmpty();
			assertThat(output).containsOnlyOnce("No listener names these error handlers: [lonely]. "
					+ "The one for all listeners is named 'weirErrorHandler'");
		});
	}

	@Test
	void containerFactoryNamedByOneListenerServesNoOther() {
		this.runner.withUserConfiguration(OneFactory.class)
			.withBean("weirErrorHandler", WeirErrorHandler.class, () -> handler("default"))
			.withPropertyValues("special.factory=mine")
			.run((context) -> {
				fail(context);
				await().untilAsserted(() -> assertThat(asked).containsExactlyInAnyOrder("factory about special",
						"default about plain"));
			});
	}

	@Test
	void secondContainerFactoryBreaksNothing(CapturedOutput output) {
		this.runner.withUserConfiguration(OneFactory.class, AnotherFactory.class)
			.withPropertyValues("special.factory=mine")
			.run((context) -> {
				fail(context);
				await().untilAsserted(() -> assertThat(asked).containsExactly("factory about special"));
				assertThat(output).containsOnlyOnce("No listener uses these container factories: [another]");
			});
	}

	@Test
	void containerFactoryOfTheDefaultsNameServesAllThatNameNoOther() {
		this.runner.withUserConfiguration(DefaultFactory.class)
			.withBean("mine", WeirErrorHandler.class, () -> handler("mine"))
			.withPropertyValues("special.handler=mine")
			.run((context) -> {
				fail(context);
				assertThat(context.getBeansOfType(WeirListenerContainerFactory.class)).hasSize(1);
				await().untilAsserted(
						() -> assertThat(asked).containsExactlyInAnyOrder("mine about special", "factory about plain"));
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class OneFactory {

		@Bean
		WeirListenerContainerFactory mine(ObjectProvider<WeirClient> client) {
			return factory(client.getObject(), "factory");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AnotherFactory {

		@Bean
		WeirListenerContainerFactory another(WeirClient client) {
			return factory(client, "another");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DefaultFactory {

		@Bean
		WeirListenerContainerFactory weirListenerContainerFactory(WeirClient client) {
			return factory(client, "factory");
		}

	}

}
