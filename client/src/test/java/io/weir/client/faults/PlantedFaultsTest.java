package io.weir.client.faults;

import java.util.List;

import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.PlantedFaultsContract;

/** Faults of producers, consumers and the connections below them. */
class PlantedFaultsTest extends PlantedFaultsContract {

	@Override
	protected List<PlantedFault> all() {
		return List.of(ClientFault.values());
	}

	@Override
	protected List<PlantedFault> everyBuild() {
		return List.of(ClientFault.RETRIED_UNDER_NEW_SEQUENCE);
	}

}
