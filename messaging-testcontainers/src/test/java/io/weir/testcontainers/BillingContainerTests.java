package io.weir.testcontainers;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;

/** The code of docs/spring/testing.md, without a test, which would need an engine. */
@SpringBootTest
class BillingContainerTests {

	@TestConfiguration(proxyBeanMethods = false)
	static class Containers {

		@Bean
		@ServiceConnection
		static WeirBrokerContainer broker() {
			return new WeirBrokerContainer("weir/broker");
		}

	}

}
