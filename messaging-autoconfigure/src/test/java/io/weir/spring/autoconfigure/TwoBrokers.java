package io.weir.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.broker.Broker;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;
import io.weir.spring.autoconfigure.endpoint.WeirEndpointAutoConfiguration;
import io.weir.spring.autoconfigure.health.WeirHealthContributorAutoConfiguration;
import io.weir.spring.autoconfigure.info.WeirInfoContributorAutoConfiguration;
import io.weir.spring.autoconfigure.metrics.WeirMetricsAutoConfiguration;

/** An application whose default client is of one broker, and another broker beside it. */
abstract class TwoBrokers {

	final Broker first = Broker.builder().port(0).build();

	final Broker reports = Broker.builder().port(0).build();

	ApplicationContextRunner runner;

	@BeforeEach
	void start() {
		this.first.start();
		this.reports.start();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, WeirEndpointAutoConfiguration.class,
					WeirHealthContributorAutoConfiguration.class, WeirInfoContributorAutoConfiguration.class,
					WeirMetricsAutoConfiguration.class, WeirPropertyNamesAutoConfiguration.class,
					JacksonAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("management.endpoints.web.exposure.include=*",
					"weir.client.service-url=" + this.first.serviceUrl(),
					"weir.client.ssl.fingerprint=" + this.first.certificateFingerprint());
	}

	@AfterEach
	void stop() {
		this.first.close();
		this.reports.close();
	}

	/** The other broker has a client of its name. */
	ApplicationContextRunner withReports() {
		return this.runner.withPropertyValues("weir.clients.reports.service-url=" + this.reports.serviceUrl(),
				"weir.clients.reports.ssl.fingerprint=" + this.reports.certificateFingerprint(),
				"weir.clients.reports.pool.max-size=7");
	}

}
