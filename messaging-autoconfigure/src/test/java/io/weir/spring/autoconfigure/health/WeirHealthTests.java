package io.weir.spring.autoconfigure.health;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.weir.client.ConnectionInfo;
import io.weir.client.ConnectionState;
import io.weir.client.WeirException;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.fake.FakePoolStats;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WeirHealthTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(WeirAutoConfiguration.class, WeirHealthContributorAutoConfiguration.class))
		.withUserConfiguration(Listening.class)
		.withBean(FakeWeirClient.class, () -> this.client);

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@WeirListener(id = "billing", topics = "orders")
		void listen(String text) {
			throw new OutOfMemoryError("planted");
		}

	}

	@ParameterizedTest
	@CsvSource({ "READY, UP", "DRAINING, UP", "CONNECTING, DOWN", "BACKING_OFF, DOWN", "CLOSED, DOWN" })
	void theConnectionIsAsTheClientKnowsIt(ConnectionState state, String status) {
		this.runner.run((context) -> {
			this.client.state = state;
			this.client.lastFailure = new WeirException(ErrorCode.UNREACHABLE, "nobody there");
			Health health = health(context, "connection");
			assertThat(health.getStatus()).isEqualTo(new Status(status));
			assertThat(health.getDetails()).containsEntry("serviceUrl", "weir://fake:7750")
				.containsEntry("failure", "UNREACHABLE: nobody there");
		});
	}

	@Test
	void oneConnectionOfSeveralThatIsDownIsTold() {
		this.runner.run((context) -> {
			this.client.moreConnections.add(new ConnectionInfo("weir-1", ConnectionState.BACKING_OFF, null,
					new WeirException(ErrorCode.UNREACHABLE, "nobody there")));
			this.client.moreConnections.add(new ConnectionInfo("weir-2", ConnectionState.READY,
					new InetSocketAddress("127.0.0.1", 7750), null));
			Health health = health(context, "connection");
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("state", ConnectionState.READY)
				.extractingByKey("connections")
				.hasToString(
						"{weir-0={state=READY}, " + "weir-1={state=BACKING_OFF, failure=UNREACHABLE: nobody there}, "
								+ "weir-2={state=READY, address=/127.0.0.1:7750}}");
		});
	}

	@Test
	void theFirstAttemptToConnectIsNoOutage() {
		this.runner.run((context) -> {
			this.client.state = ConnectionState.CONNECTING;
			assertThat(health(context, "connection").getStatus()).isEqualTo(Status.UNKNOWN);
		});
	}

	@Test
	void askingForHealthOpensNothing() {
		this.runner.run((context) -> {
			await().until(() -> this.client.consumers.size() == 1);
			for (String contributor : List.of("connection", "pool", "listeners", "connection")) {
				health(context, contributor);
			}
			assertThat(this.client.attempts).as("but by the listener").hasValue(1);
			assertThat(this.client.producers).isEmpty();
		});
	}

	@Test
	void aPoolIsDownWhenItCannotOpenStreams() {
		this.runner.run((context) -> {
			this.client.pools.put("weir-0", FakePoolStats.of(100, 0, 5, 3));
			assertThat(health(context, "pool").getStatus()).isEqualTo(Status.UP);
			this.client.pools.put("weir-1", FakePoolStats.of(0, 0, 0, 1));
			assertThat(health(context, "pool").getStatus()).isEqualTo(Status.DOWN);
			assertThat(health(context, "pool").getDetails()).containsKeys("weir-0", "weir-1");
		});
	}

	@Test
	void aListenerStoppedOnPurposeIsNotDown() {
		this.runner.run((context) -> {
			WeirListenerContainer container = context.getBean(WeirListenerRegistry.class).getContainer("billing");
			await().until(() -> container.getStatus().state() == ListenerState.RUNNING);
			container.stop();
			assertThat(health(context, "listeners").getStatus()).isEqualTo(Status.UP);
			assertThat(health(context, "listeners").getDetails().toString()).contains("billing={state=STOPPED}");
		});
	}

	@Test
	void aListenerThatStoppedOnItsOwnIsDown() {
		this.runner.run((context) -> {
			await().until(() -> this.client.consumers.size() == 1);
			this.client.publish("orders", "a");
			await().untilAsserted(() -> assertThat(health(context, "listeners").getStatus()).isEqualTo(Status.DOWN));
			assertThat(health(context, "listeners").getDetails().toString()).contains("FAILED", "OutOfMemoryError",
					"planted");
		});
	}

	@Test
	void aListenerThatCannotSubscribeIsDownUntilItCan() {
		this.client.refusals.add(new WeirException(ErrorCode.SUBSCRIPTION_BUSY, "somebody else"));
		this.client.broker = new CompletableFuture<>();
		this.runner.run((context) -> {
			await().untilAsserted(() -> assertThat(health(context, "listeners").getStatus()).isEqualTo(Status.DOWN));
			this.client.broker.complete(null);
			await().untilAsserted(() -> assertThat(health(context, "listeners").getStatus()).isEqualTo(Status.UP));
		});
	}

	@Test
	void canBeTurnedOff() {
		this.runner.withPropertyValues("management.health.weir.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("weirHealthContributor"));
	}

	private static Health health(AssertableApplicationContext context, String component) {
		CompositeHealthContributor composite = context.getBean("weirHealthContributor",
				CompositeHealthContributor.class);
		return ((HealthIndicator) composite.getContributor(component)).health();
	}

}
