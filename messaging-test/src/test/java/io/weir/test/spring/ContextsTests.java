package io.weir.test.spring;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.spring.WeirTemplate;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;
import io.weir.test.spring.Billing.Order;

import static org.assertj.core.api.Assertions.assertThat;

/** Contexts of several test classes in one JVM, as Spring caches them. */
class ContextsTests {

	private final List<TestContextManager> managers = List.of(new TestContextManager(One.class),
			new TestContextManager(Same.class), new TestContextManager(Other.class),
			new TestContextManager(Small.class), new TestContextManager(WithoutBroker.class),
			new TestContextManager(WithEmbedded.class));

	@AfterEach
	void close() {
		this.managers
			.forEach((manager) -> manager.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE));
	}

	@Test
	void contextsWithEqualTopicsDoNotSeeEachOther() {
		ApplicationContext one = context(0);
		ApplicationContext other = context(2);
		one.getBean(WeirTemplate.class).send("orders", new Order("ann", 1));
		other.getBean(WeirTemplate.class).send("orders", new Order("bob", 2));
		assertThat(broker(one)).topic("orders", Order.class).containsExactly(new Order("ann", 1));
		assertThat(broker(other)).topic("orders", Order.class).containsExactly(new Order("bob", 2));
		assertThat(broker(one)).topic("orders").subscription("billing").hasAcknowledgedAll();
		assertThat(broker(other)).topic("orders").subscription("billing").hasAcknowledgedAll();
		assertThat(one.getBean(Billing.class).billed).containsExactly("ann");
		assertThat(other.getBean(Billing.class).billed).containsExactly("bob");
	}

	@Test
	void classesOfTheSameConfigurationShareAContextFromTheCache() {
		assertThat(context(1)).isSameAs(context(0)).isNotSameAs(context(2)).isNotSameAs(context(3));
	}

	@Test
	void brokerIsClosedWithItsContext() {
		WeirTestBroker broker = broker(context(2));
		this.managers.get(2).getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThat(broker.broker().isRunning()).isFalse();
	}

	@Test
	void settingsOfTheAnnotationAreThoseOfTheBroker() {
		assertThat(context(3).getBean(WeirTestBroker.class).broker().topics()).isNotNull();
		assertThat(SmallMessages.applied).isTrue();
	}

	@Test
	void withoutTheAnnotationThereIsNoBroker() {
		assertThat(context(4).getBeanNamesForType(WeirTestBroker.class)).isEmpty();
	}

	@Test
	void takesThePlaceOfTheBrokerThatTheApplicationWouldEmbed() {
		ApplicationContext context = context(5);
		assertThat(context.getBean(Broker.class)).isSameAs(broker(context).broker());
		context.getBean(WeirTemplate.class).send("orders", new Order("ann", 1));
		assertThat(broker(context)).topic("orders").hasMessages(1);
	}

	private ApplicationContext context(int index) {
		return this.managers.get(index).getTestContext().getApplicationContext();
	}

	private static WeirTestBroker broker(ApplicationContext context) {
		return context.getBean(WeirTestBroker.class);
	}

	@SpringBootTest(classes = Application.class)
	@EmbeddedWeir
	static class One {

	}

	@SpringBootTest(classes = Application.class)
	@EmbeddedWeir
	static class Same {

	}

	@SpringBootTest(classes = Application.class)
	@EmbeddedWeir
	@TestPropertySource(properties = "some.property=other")
	static class Other {

	}

	@SpringBootTest(classes = Application.class)
	@EmbeddedWeir(settings = SmallMessages.class)
	static class Small {

	}

	@SpringBootTest(classes = Application.class)
	static class WithoutBroker {

	}

	@SpringBootTest(classes = Application.class, properties = "weir.embedded.enabled=true")
	@EmbeddedWeir
	static class WithEmbedded {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Billing.class)
	static class Application {

	}

	static final class SmallMessages implements Consumer<BrokerBuilder> {

		private static volatile boolean applied;

		@Override
		public void accept(BrokerBuilder builder) {
			builder.maxMessageSize(1024);
			applied = true;
		}

	}

}
