package io.weir.spring.autoconfigure;

import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.ConnectionState;
import io.weir.client.Consumer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.endpoint.WeirPoolsEndpoint;

import static org.assertj.core.api.Assertions.assertThat;

/** An application that has clients of several brokers. */
class FurtherClientsTests extends TwoBrokers {

	@Test
	void aClientConfiguredByNameIsInjectedByItsQualifierAndNowhereElse() {
		withReports().withUserConfiguration(Reporting.class).run((context) -> {
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.first.serviceUrl()).isEqualTo(this.first.serviceUrl());
			assertThat(injected.reports.serviceUrl()).isEqualTo(this.reports.serviceUrl());
			injected.template.send("sales", "many");
			try (Consumer<String> consumer = injected.reports.consumer(Schema.string())
				.topic("sales")
				.subscription("audit")
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe()) {
				assertThat(consumer.receive().value()).isEqualTo("many");
			}
			context.getSourceApplicationContext().close();
			assertThat(injected.reports.state()).isEqualTo(ConnectionState.CLOSED);
		});
	}

	@Test
	void aClientMadeInCodeIsAsTheAutoConfiguredOneButForItsDetails() {
		this.runner.withUserConfiguration(InCode.class)
			.withPropertyValues("test.service-url=" + this.reports.serviceUrl(), "weir.client.pool.max-size=9")
			.run((context) -> {
				assertThat(context.getBean(WeirClient.class).serviceUrl()).isEqualTo(this.first.serviceUrl());
				WeirClient reports = context.getBean(Injected.class).reports;
				assertThat(reports.serviceUrl()).isEqualTo(this.reports.serviceUrl());
				assertThat(reports.pools().get("reports-0").max()).isEqualTo(9);
				assertThat(context.getBean(WeirClients.class).further()).containsOnlyKeys("inCode");
				assertThat(context).hasSingleBean(WeirTemplate.class);
			});
	}

	@Test
	void healthEndpointMetersAndInfoTellOfEachClient() {
		withReports().run((context) -> {
			WeirPoolsEndpoint pools = context.getBean(WeirPoolsEndpoint.class);
			assertThat(pools.pools()).containsOnlyKeys("weir-0", "reports-0");
			assertThat(pools.pool("reports-0").max()).isEqualTo(7);
			pools.act("reports-0", WeirPoolsEndpoint.Action.RESIZE, 1, 5);
			assertThat(pools.pool("reports-0").max()).isEqualTo(5);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			context.getBeansOfType(MeterBinder.class).values().forEach((binder) -> binder.bindTo(meters));
			assertThat(meters.get("weir.pool.max").meters()).extracting((meter) -> meter.getId().getTag("pool"))
				.containsExactlyInAnyOrder("weir-0", "reports-0");
			CompositeHealthContributor health = context.getBean(CompositeHealthContributor.class);
			CompositeHealthContributor clients = (CompositeHealthContributor) health.getContributor("clients");
			assertThat(clients.getContributor("reports")).isInstanceOfSatisfying(CompositeHealthContributor.class,
					(client) -> assertThat(client.stream().map(CompositeHealthContributor.Entry::name))
						.containsExactly("connection", "pool"));
			Info.Builder info = new Info.Builder();
			context.getBean(InfoContributor.class).contribute(info);
			assertThat(info.build().get("weir", Map.class).get("clients")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("reports");
		});
	}

	record Injected(WeirClient first, WeirClient reports, WeirTemplate template) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Reporting {

		@Bean
		Injected injected(WeirClient first, @Qualifier("reports") WeirClient reports,
				@Qualifier("reports") WeirTemplate template) {
			return new Injected(first, reports, template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InCode {

		@Bean(defaultCandidate = false)
		WeirClient inCode(WeirClientFactory clients, @Value("${test.service-url}") String serviceUrl) {
			return clients.createClient("reports", () -> serviceUrl);
		}

		@Bean
		Injected injected(WeirClient first, @Qualifier("inCode") WeirClient reports, WeirClients clients) {
			return new Injected(first, reports, clients.template("inCode"));
		}

	}

}
