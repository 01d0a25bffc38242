package io.weir.test.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import io.weir.spring.WeirTemplate;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;
import io.weir.test.autoconfigure.AutoConfigureWeirTest;
import io.weir.test.docs.Billing.Bill;
import io.weir.test.docs.Billing.Order;

import static org.assertj.core.api.Assertions.assertThat;

/** The code of docs/spring/testing.md, which runs here. */
class DocumentedTests {

	private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	@Test
	void theCodeOfThePageIsThatOfTheTests() throws IOException {
		String compiled = withoutIndentation(
				Files.readString(Path.of("src/test/java/io/weir/test/docs/DocumentedTests.java")));
		List<String> documented = CODE.matcher(Files.readString(Path.of("../docs/spring/testing.md")))
			.results()
			.map((block) -> block.group(1))
			// That of the other module is in its tests.
			.filter((code) -> !code.contains("WeirBrokerContainer"))
			.toList();
		assertThat(documented).hasSize(3).allSatisfy((code) -> assertThat(compiled).contains(withoutIndentation(code)));
	}

	private static String withoutIndentation(String code) {
		return code.lines().map(String::strip).reduce("", (before, line) -> before + line + "\n");
	}

	@Nested
	@SpringBootTest
	@EmbeddedWeir
	class BillingTests {

		@Autowired
		private WeirTestBroker broker;

		@Autowired
		private WeirTemplate template;

		@Test
		void anOrderIsBilled() {
			this.template.send("orders", new Order("ann", 3));
			assertThat(this.broker).topic("orders").subscription("billing").hasAcknowledgedAll();
			assertThat(this.broker).topic("bills", Bill.class).containsExactly(new Bill("ann", 30));
		}

	}

	@Nested
	@SpringJUnitConfig(Billing.class)
	@AutoConfigureWeirTest
	class BillingListenerTests {

		@Test
		void anOrderIsBilled(@Autowired WeirTestBroker broker) {
			broker.publish("orders", new Order("bob", 1), (message) -> message.key("bob"));
			assertThat(broker).topic("bills", Bill.class).containsExactly(new Bill("bob", 10));
		}

	}

	@Nested
	@EmbeddedWeir
	class ReminderTest {

		@Test
		void aReminderComesTheNextDay(WeirTestBroker broker) {
			broker.publish("reminders", "pay", (message) -> message.deliverAfter(Duration.ofDays(1)));
			assertThat(broker).topic("reminders").hasDelayed(1).hasNoMessages();
			broker.clock().turn(Duration.ofDays(1));
			assertThat(broker).topic("reminders").containsExactly("pay");
		}

	}

}
