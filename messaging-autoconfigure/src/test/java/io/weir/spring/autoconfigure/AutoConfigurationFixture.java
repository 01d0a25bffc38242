package io.weir.spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.spring.fake.FakeWeirClient;

/** An application with a client that is scripted, unless it uses {@link #runner}. */
abstract class AutoConfigurationFixture {

	final FakeWeirClient client = new FakeWeirClient();

	final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class));

	final ApplicationContextRunner fake = this.runner.withBean(FakeWeirClient.class, () -> this.client);

	record Invoice(String orderId) {
	}

}
