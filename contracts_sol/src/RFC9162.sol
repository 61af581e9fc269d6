// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle proofs of RFC 9162 (Certificate Transparency version 2.0), hash SHA-256
/// @notice Line by line the algorithms of section 2.1.3.2 (inclusion) and 2.1.4.2 (consistency).
/// @dev Tree sizes stay below 2^63, so no shift or addition below can overflow. Differential tests compare every
/// answer with an independent implementation on random and on mutated proofs.
library RFC9162 {
    /// @notice Whether `leafHash` is leaf number `leafIndex` of the tree of `treeSize` leaves with `rootHash`.
    /// @param leafHash SHA-256(0x00 || leaf), computed by the caller.
    function inclusionHolds(
        bytes32 leafHash,
        uint64 leafIndex,
        uint64 treeSize,
        bytes32 rootHash,
        bytes32[] calldata proof
    ) internal view returns (bool) {
        if (leafIndex >= treeSize) return false;
        uint256 fn = leafIndex;
        uint256 sn = treeSize - 1;
        bytes32 r = leafHash;
        for (uint256 i = 0; i < proof.length; ++i) {
            if (sn == 0) return false;
            bytes32 p = proof[i];
            if (fn & 1 == 1 || fn == sn) {
                r = nodeHash(p, r);
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                r = nodeHash(r, p);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && r == rootHash;
    }

    /// @notice Whether the tree (`oldSize`, `oldRoot`) is a prefix of the tree (`newSize`, `newRoot`).
    /// @dev Equal sizes need equal roots and an empty proof; an empty old tree has no proof (the caller's rule).
    function consistencyHolds(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) internal view returns (bool) {
        if (oldSize == 0 || oldSize > newSize) return false;
        if (oldSize == newSize) return proof.length == 0 && oldRoot == newRoot;
        if (proof.length == 0) return false;
        uint256 fn = oldSize - 1;
        uint256 sn = newSize - 1;
        while (fn & 1 == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        // fn is 0 here exactly when oldSize is a power of two: then the old root itself begins the path.
        uint256 i = fn == 0 ? 0 : 1;
        bytes32 fr = fn == 0 ? oldRoot : proof[0];
        bytes32 sr = fr;
        for (; i < proof.length; ++i) {
            if (sn == 0) return false;
            bytes32 c = proof[i];
            if (fn & 1 == 1 || fn == sn) {
                fr = nodeHash(c, fr);
                sr = nodeHash(c, sr);
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = nodeHash(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && fr == oldRoot && sr == newRoot;
    }

    /// @notice SHA-256(0x01 || left || right), by the precompiled contract 0x02, in memory that is not kept.
    function nodeHash(bytes32 left, bytes32 right) private view returns (bytes32 digest) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore8(p, 1)
            mstore(add(p, 1), left)
            mstore(add(p, 33), right)
            // The precompile fails only for want of gas; then nothing that follows may be believed.
            if iszero(staticcall(gas(), 2, p, 65, p, 32)) { revert(0, 0) }
            digest := mload(p)
        }
    }
}
