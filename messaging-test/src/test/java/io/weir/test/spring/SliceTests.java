package io.weir.test.spring;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import io.weir.spring.WeirTemplate;
import io.weir.test.WeirTestBroker;
import io.weir.test.autoconfigure.AutoConfigureWeirTest;
import io.weir.test.spring.Billing.Order;

import static org.assertj.core.api.Assertions.assertThat;

/** One bean, and what it needs for messages. */
@SpringJUnitConfig(Billing.class)
@AutoConfigureWeirTest
class SliceTests {

	@Test
	void aListenerIsTestedWithNothingElseOfTheApplication(@Autowired WeirTemplate template, @Autowired Billing billing,
			@Autowired WeirTestBroker broker) {
		template.send("orders", new Order("ann", 3));
		assertThat(broker).topic("orders").subscription("billing").hasAcknowledgedAll();
		assertThat(billing.billed).containsExactly("ann");
	}

}
