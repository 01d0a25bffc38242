package io.weir.spring.autoconfigure.info;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.client.ConnectionInfo;
import io.weir.client.ConnectionState;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;

class WeirInfoTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(WeirAutoConfiguration.class, WeirInfoContributorAutoConfiguration.class))
		.withBean(FakeWeirClient.class, () -> this.client);

	@Test
	void infoTellsHowTheApplicationTalksToWhichBroker() {
		this.runner.run((context) -> {
			this.client.moreConnections.add(new ConnectionInfo("weir-1", ConnectionState.READY,
					new InetSocketAddress("127.0.0.1", 7750), null));
			assertThat(details(context.getBean(InfoContributor.class)))
				.containsEntry("serviceUrl", this.client.serviceUrl())
				.containsEntry("carrier", "QUIC")
				.containsEntry("protocol", Limits.ALPN)
				.containsEntry("brokers", List.of("/127.0.0.1:7750"));
		});
	}

	@Test
	void infoTellsThatABrokerInThisJvmNeedsNoNetwork() {
		this.client.serviceUrl = "vm://127.0.0.1:1";
		this.runner.run((context) -> assertThat(details(context.getBean(InfoContributor.class)))
			.containsEntry("carrier", "memory"));
	}

	@Test
	void infoCanBeTurnedOff() {
		this.runner.withPropertyValues("management.info.weir.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(InfoContributor.class));
	}

	private static Map<String, Object> details(InfoContributor contributor) {
		Info.Builder builder = new Info.Builder();
		contributor.contribute(builder);
		@SuppressWarnings("unchecked")
		Map<String, Object> details = (Map<String, Object>) builder.build().get("weir");
		return details;
	}

}
