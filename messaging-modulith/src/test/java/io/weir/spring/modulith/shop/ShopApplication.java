package io.weir.spring.modulith.shop;

import java.util.Map;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** An application with an outbox. */
@SpringBootApplication
@EnableScheduling
public class ShopApplication {

	@Bean
	EventExternalizationConfiguration externalization() {
		return EventExternalizationConfiguration.defaults("io.weir.spring.modulith.shop")
			.headers(OrderPlaced.class, (order) -> Map.of("order_id", order.id()))
			.build();
	}

}
