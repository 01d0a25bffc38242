package io.weir.spring.autoconfigure.endpoint;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.fake.FakePoolStats;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.ListenerStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class WeirEndpointTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, WeirEndpointAutoConfiguration.class))
		.withUserConfiguration(Listening.class)
		.withPropertyValues("management.endpoints.web.exposure.include=*")
		.withBean(FakeWeirClient.class, () -> this.client);

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@WeirListener(id = "billing", topics = "orders")
		void listen(String text) {
		}

	}

	@Test
	void poolsAreShownAndEvicted() {
		this.client.pools.put("weir-0", FakePoolStats.of(1, 2, 0, 0));
		this.runner.run((context) -> {
			WeirPoolsEndpoint endpoint = context.getBean(WeirPoolsEndpoint.class);
			assertThat(endpoint.pools()).containsOnlyKeys("weir-0");
			assertThat(endpoint.pool("weir-0").idle()).isEqualTo(2);
			assertThat(endpoint.pool("other")).isNull();
			endpoint.act("weir-0", WeirPoolsEndpoint.Action.EVICT, null, null);
			assertThat(this.client.evicted).containsExactly("weir-0");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("other", WeirPoolsEndpoint.Action.EVICT, null, null))
				.withMessageContaining("'other'")
				.withMessageContaining("weir-0");
		});
	}

	@Test
	void poolsAreResized() {
		this.client.pools.put("weir-0", FakePoolStats.of(1, 2, 0, 0));
		this.runner.run((context) -> {
			WeirPoolsEndpoint endpoint = context.getBean(WeirPoolsEndpoint.class);
			endpoint.act("weir-0", WeirPoolsEndpoint.Action.RESIZE, 1, 4);
			assertThat(this.client.resized).containsExactly("weir-0 1 4");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("weir-0", WeirPoolsEndpoint.Action.RESIZE, 1, null))
				.withMessageContaining("'minSize' and 'maxSize'");
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("weir-0", WeirPoolsEndpoint.Action.RESIZE, 5, 4))
				.withMessageContaining("minSize must be from 0 to maxSize (4), was 5");
		});
	}

	@Test
	void listenersAreShownAndControlled() {
		this.runner.run((context) -> {
			WeirListenersEndpoint endpoint = context.getBean(WeirListenersEndpoint.class);
			await().untilAsserted(() -> assertThat(endpoint.listeners()).extracting(ListenerStatus::state)
				.containsExactly(ListenerState.RUNNING));
			assertThat(endpoint.listener("other")).isNull();
			assertThat(act(endpoint, WeirListenersEndpoint.Action.PAUSE)).isEqualTo(ListenerState.PAUSED);
			assertThat(act(endpoint, WeirListenersEndpoint.Action.RESUME)).isEqualTo(ListenerState.RUNNING);
			assertThat(act(endpoint, WeirListenersEndpoint.Action.STOP)).isEqualTo(ListenerState.STOPPED);
			assertThat(act(endpoint, WeirListenersEndpoint.Action.START)).isNotEqualTo(ListenerState.STOPPED);
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.act("other", WeirListenersEndpoint.Action.STOP))
				.withMessageContaining("billing");
		});
	}

	private static ListenerState act(WeirListenersEndpoint endpoint, WeirListenersEndpoint.Action action) {
		return endpoint.act("billing", action).state();
	}

	@Test
	void areAbsentWithoutActuator() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("weirPoolsEndpoint"));
	}

	@Test
	void areAbsentUnlessExposed() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(WeirPoolsEndpoint.class)
				.doesNotHaveBean(WeirListenersEndpoint.class));
	}

}
