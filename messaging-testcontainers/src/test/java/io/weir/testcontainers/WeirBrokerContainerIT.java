package io.weir.testcontainers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** The broker's image, and an application that is led to it. */
@SpringBootTest
@EnabledIf(value = "io.weir.testcontainers.BrokerImage#isPossible", disabledReason = "There is no container engine")
class WeirBrokerContainerIT {

	@Autowired
	private WeirBrokerContainer broker;

	@Test
	void applicationIsLedToTheBrokerInTheContainer(@Autowired WeirTemplate template, @Autowired Application application)
			throws InterruptedException {
		template.send("orders", "o-1");
		assertThat(application.heard.poll(30, TimeUnit.SECONDS)).isEqualTo("o-1");
	}

	@Test
	void clientReachesTheBrokerThroughItsPublishedUdpPort() {
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(this.broker.getServiceUrl())
			.fingerprint(this.broker.getFingerprint())
			.build();
				Producer<String> producer = client.producer(Schema.string()).topic("plain").create();
				Consumer<String> consumer = client.consumer(Schema.string())
					.topic("plain")
					.subscription("all")
					.initialPosition(InitialPosition.EARLIEST)
					.subscribe()) {
			producer.send("hello");
			assertThat(consumer.receive(Duration.ofSeconds(30))).extracting(Message::value).isEqualTo("hello");
		}
	}

	@Test
	void healthIsReachedByHttp() throws IOException, InterruptedException {
		HttpRequest health = HttpRequest.newBuilder(URI.create(this.broker.getHttpUrl() + "/actuator/health")).build();
		assertThat(HttpClient.newHttpClient().send(health, BodyHandlers.ofString()).body())
			.startsWith("{\"components\"")
			.contains("weirBroker", "\"status\":\"UP\"");
	}

	@Test
	void imageIsNotRunByRoot() {
		assertThat(this.broker.getContainerInfo().getConfig().getUser()).isEqualTo("10001:10001");
		assertThat(this.broker.getContainerInfo().getHostConfig().getReadonlyRootfs()).isTrue();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

		/** Nothing is written but data, and what native libraries are unpacked to. */
		@Bean
		@ServiceConnection
		static WeirBrokerContainer broker() {
			return new WeirBrokerContainer(BrokerImage.name()).withTmpFs(Map.of("/tmp", "rw,exec"))
				.withCreateContainerCmdModifier((command) -> command.getHostConfig().withReadonlyRootfs(true));
		}

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest")
		void on(String order) {
			this.heard.add(order);
		}

	}

}
