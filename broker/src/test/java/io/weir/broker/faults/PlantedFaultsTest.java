package io.weir.broker.faults;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.PlantedFaultsContract;

/** Faults of the engine, of deliveries and of the memory store. */
class PlantedFaultsTest extends PlantedFaultsContract {

	@Override
	protected List<PlantedFault> all() {
		return Stream.<PlantedFault>concat(Arrays.stream(EngineFault.values()), Arrays.stream(DeliveryFault.values()))
			.toList();
	}

	@Override
	protected List<PlantedFault> everyBuild() {
		return List.of(EngineFault.RECEIPT_BEFORE_STORED, EngineFault.PERMITS_RESET);
	}

}
