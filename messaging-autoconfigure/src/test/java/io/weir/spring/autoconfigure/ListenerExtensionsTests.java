package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerEndpoint;
import io.weir.spring.listener.WeirListenerEvent;
import io.weir.spring.listener.WeirListenerInterceptor;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.listener.WeirMessageFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What an application adds to its listeners, and what it does with them as it runs. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerExtensionsTests extends ListenerMethodsFixture {

	@Test
	void filterServesTheListenersThatNameItAndAnotherNameIsRefusedAtStart(CapturedOutput output) {
		run(Filtered.class, (context) -> {
			MessageId refused = deliver("filtered", "-a");
			deliver("filtered", "b");
			deliver("all", "-c");
			awaitHeard("b", "-c");
			await().untilAsserted(() -> assertThat(consumer("filtered").acknowledged).contains(refused));
			assertThat(output).contains("No listener names these filters: [unused]");
		});
		this.runner.withUserConfiguration(Filtered.class)
			.withPropertyValues("my.filter=absent")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("Filtered.filtered", "filter 'absent'", "wanted"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Filtered {

		@WeirListener(id = "filtered", topics = "filtered", filter = "${my.filter:wanted}")
		void filtered(String text) {
			heard.add(text);
		}

		@WeirListener(id = "all", topics = "all")
		void all(String text) {
			heard.add(text);
		}

		@Bean
		WeirMessageFilter wanted() {
			return (message) -> message.value()[0] != '-';
		}

		@Bean
		WeirMessageFilter unused() {
			return (message) -> true;
		}

	}

	@Test
	void interceptorBeansAreToldInOrderAndEventsReachTheApplication() {
		run(Told.class, (context) -> {
			deliver("told", "a");
			await().untilAsserted(() -> assertThat(heard).containsSubsequence("first told", "second told", "method a"));
			context.getBean(WeirListenerRegistry.class).getContainer("told").stop();
			assertThat(heard).contains(new WeirListenerEvent.Started("told"),
					new WeirListenerEvent.Subscribed("told", "told"), new WeirListenerEvent.Stopped("told"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Told {

		@WeirListener(id = "told", topics = "told")
		void told(String text) {
			heard.add("method " + text);
		}

		@EventListener
		void on(WeirListenerEvent event) {
			heard.add(event);
		}

		@Bean
		@org.springframework.core.annotation.Order(2)
		WeirListenerInterceptor second() {
			return interceptor("second ");
		}

		@Bean
		@org.springframework.core.annotation.Order(1)
		WeirListenerInterceptor first() {
			return interceptor("first ");
		}

		private static WeirListenerInterceptor interceptor(String name) {
			return new WeirListenerInterceptor() {

				@Override
				public void before(String listenerId, List<Message<byte[]>> messages) {
					heard.add(name + listenerId);
				}

			};
		}

	}

	@Test
	void idleListenerIsToldAndAnIntervalWithoutUnitIsRefused() {
		this.runner.withUserConfiguration(Quiet.class)
			.withPropertyValues("my.interval=10ms")
			.run((context) -> awaitHeardContains(new WeirListenerEvent.Idle("quiet", "quiet", Duration.ofMillis(10))));
		this.runner.withUserConfiguration(Quiet.class)
			.withPropertyValues("my.interval=10")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("Quiet.quiet", "idle-event-interval '10'", "a duration, as 30s"));
	}

	private static void awaitHeardContains(Object expected) {
		await().untilAsserted(() -> assertThat(heard).contains(expected));
	}

	@Configuration(proxyBeanMethods = false)
	static class Quiet {

		@WeirListener(id = "quiet", topics = "quiet", properties = "idle-event-interval=${my.interval}")
		void quiet(String text) {
		}

		@EventListener
		void on(WeirListenerEvent.Idle event) {
			heard.add(event);
		}

	}

	@Test
	void expressionsKnowTheBeanOfTheListener() {
		this.runner.withBean("one", PerInstance.class, () -> new PerInstance("a"))
			.withBean("two", PerInstance.class, () -> new PerInstance("b"))
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(context.getBean(WeirListenerRegistry.class).getContainers())
					.extracting(WeirListenerContainer::getId)
					.containsExactlyInAnyOrder("a", "b");
				deliver("in-a", "x");
				await().untilAsserted(() -> assertThat(this.client.producers).hasSize(1)
					.allSatisfy((producer) -> assertThat(producer.topic()).isEqualTo("out-a")));
			});
	}

	record PerInstance(String name) {

		@WeirListener(id = "#{__listener.name()}", topics = "in-#{__listener.name()}")
		@SendTo("out-#{__listener.name()}")
		String on(String text) {
			return text;
		}

	}

	@Test
	void topicWithAnAsteriskIsAPatternWithOneConsumer() {
		run(Pattern.class, (context) -> {
			assertThat(this.client.consumers).hasSize(2)
				.extracting(FakeConsumer::topic)
				.containsExactlyInAnyOrder("orders.*", "returns");
			assertThat(consumer("orders.*").settings).containsEntry("topics", "orders.*").doesNotContainKey("topic");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Pattern {

		@WeirListener(id = "pattern", topics = { "orders.*", "returns" })
		void pattern(String text) {
		}

	}

	@Test
	void listenersOfAGroupStartAndStopTogether() {
		this.runner.withUserConfiguration(Grouped.class).run((context) -> {
			WeirListenerRegistry registry = context.getBean(WeirListenerRegistry.class);
			assertThat(registry.getGroup("night")).extracting(WeirListenerContainer::getId).containsExactly("a", "b");
			assertThat(registry.getContainers()).filteredOn(WeirListenerContainer::isRunning)
				.extracting(WeirListenerContainer::getId)
				.containsExactly("c");
			registry.startGroup("night");
			assertThat(registry.getContainers()).allMatch(WeirListenerContainer::isRunning);
			registry.stopGroup("night");
			assertThat(registry.getGroup("night")).noneMatch(WeirListenerContainer::isRunning);
			assertThat(registry.getContainer("c").isRunning()).isTrue();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Grouped {

		@WeirListener(id = "a", topics = "a", group = "night", autoStartup = "false")
		@WeirListener(id = "b", topics = "b", group = "night", autoStartup = "false")
		@WeirListener(id = "c", topics = "c")
		void on(String text) {
		}

	}

	@Test
	void listenerThatNoAnnotationAsksForIsRegisteredAndForgottenAsTheApplicationRuns() {
		this.runner.run((context) -> {
			WeirListenerRegistry registry = context.getBean(WeirListenerRegistry.class);
			WeirListenerEndpoint endpoint = WeirListenerEndpoint.builder("audit")
				.topics("orders")
				.filter((message) -> message.value()[0] != '-')
				.listener((messages, acknowledgement) -> {
					messages.forEach((message) -> heard.add(new String(message.value())));
					return null;
				})
				.build();
			registry.register(context.getBean(WeirListenerContainerFactory.class).createContainer(endpoint));
			awaitSubscribed(context);
			deliver("orders", "-a");
			deliver("orders", "b");
			awaitHeard("b");
			assertThat(registry.unregister("audit")).isTrue();
			assertThat(registry.getContainers()).isEmpty();
			assertThat(consumer("orders").closed).isTrue();
			assertThat(registry.unregister("audit")).isFalse();
			registry.register(context.getBean(WeirListenerContainerFactory.class).createContainer(endpoint));
			awaitSubscribed(context);
		});
	}

}
