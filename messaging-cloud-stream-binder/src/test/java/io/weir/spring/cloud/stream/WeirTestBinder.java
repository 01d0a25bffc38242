package io.weir.spring.cloud.stream;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.stream.binder.AbstractTestBinder;
import org.springframework.cloud.stream.binder.ExtendedConsumerProperties;
import org.springframework.cloud.stream.binder.ExtendedProducerProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What the tests for all binders work with: the binder of an application. */
final class WeirTestBinder extends
		AbstractTestBinder<WeirMessageChannelBinder, ExtendedConsumerProperties<WeirConsumerProperties>, ExtendedProducerProperties<WeirProducerProperties>> {

	private final ConfigurableApplicationContext application;

	WeirTestBinder(String serviceUrl) {
		this.application = new SpringApplicationBuilder(Application.class, WeirBinderConfiguration.class)
			.web(WebApplicationType.NONE)
			.properties("weir.client.service-url=" + serviceUrl)
			.run();
		setBinder(this.application.getBean(WeirMessageChannelBinder.class));
	}

	@Override
	public void cleanup() {
		this.application.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
