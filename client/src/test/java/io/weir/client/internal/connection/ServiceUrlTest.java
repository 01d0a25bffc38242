package io.weir.client.internal.connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ServiceUrlTest {

	@Test
	void portIsTheDefaultWhenNotGiven() {
		assertThat(ServiceUrl.parse("weir://broker.example").addresses())
			.containsExactly(new BrokerAddress("broker.example", 7750));
	}

	@Test
	void addressesKeepTheirOrder() {
		assertThat(ServiceUrl.parse("weir://b:1,a,[::1]:65535,[fe80::1%eth0]").addresses()).containsExactly(
				new BrokerAddress("b", 1), new BrokerAddress("a", 7750), new BrokerAddress("::1", 65535),
				new BrokerAddress("fe80::1%eth0", 7750));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			http://localhost      | begins with neither weir:// nor vm://
			weir://               | a host is missing
			weir://a,             | a host is missing
			weir://:7750          | a host is missing
			weir://::1            | needs brackets
			weir://[::1           | closing bracket
			weir://[localhost]    | neither a host name nor an address
			weir://[::1]7750      | a port from 1 to 65535
			weir://a:             | a port from 1 to 65535
			weir://a:0            | a port from 1 to 65535
			weir://a:65536        | a port from 1 to 65535
			weir://a:x            | a port from 1 to 65535
			weir://a/topic        | neither a host name nor an address
			weir://user@a         | neither a host name nor an address
			""")
	void whatIsWrongIsNamed(String url, String why) {
		assertThatIllegalArgumentException().isThrownBy(() -> ServiceUrl.parse(url))
			.withMessageContaining("'" + url + "'")
			.withMessageContaining(why)
			.withMessageContaining("weir://host[:port]");
	}

}
