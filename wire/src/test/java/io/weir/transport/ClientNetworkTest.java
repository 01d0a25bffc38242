package io.weir.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientNetworkTest {

	@Test
	void addressesOfOneNetworkMustCountAsOneWhateverTheirPorts() throws UnknownHostException {
		Object network = of("2001:db8:1:2:3:4:5:6", 1);
		assertThat(network).isEqualTo(of("2001:db8:1:2:ffff:ffff:ffff:ffff", 2)).isEqualTo(of("2001:db8:1:2::", 1));
		assertThat(network).isNotEqualTo(of("2001:db8:1:3:3:4:5:6", 1)).isNotEqualTo(of("2001:db9:1:2:3:4:5:6", 1));
		assertThat(of("192.0.2.7", 1)).isEqualTo(of("192.0.2.7", 2)).isNotEqualTo(of("192.0.2.8", 1));
	}

	private static Object of(String address, int port) throws UnknownHostException {
		return ClientNetwork.of(new InetSocketAddress(InetAddress.getByName(address), port));
	}

}
