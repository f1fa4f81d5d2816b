"""What scripts/lite0_weights.py reads, and what it refuses."""

import collections
import importlib.util
import io
import os
import pathlib
import pickle
import struct
import tempfile
import unittest

script = pathlib.Path(__file__).parents[2] / "scripts" / "lite0_weights.py"
spec = importlib.util.spec_from_file_location("lite0_weights", script)
weights = importlib.util.module_from_spec(spec)
spec.loader.exec_module(weights)


def by_name(module, name):
    """A pickle of module.name, called with nothing."""
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + b")R."


def file_of(tensors, storages, keys=None):
    """A file as PyTorch before 1.6 wrote it: `tensors` is the pickle of the fourth part."""
    parts = [pickle.dumps(part, 2) for part in (weights.MAGIC, weights.VERSION,
                                                {"little_endian": True})]
    parts += [tensors, pickle.dumps(list(storages) if keys is None else keys, 2)]
    parts += [struct.pack("<q", len(data) // 4) + data for data in storages.values()]
    return io.BytesIO(b"".join(parts))


def tensor_pickle(name, key, count, offset, shape, strides):
    """One tensor under its name, written as PyTorch writes it."""

    class Storage:
        pass

    class View:
        def __reduce__(self):
            return Rebuild(), (Storage(), offset, shape, strides, False, {})

    class Rebuild:
        pass

    class Writer(pickle._Pickler):
        def persistent_id(self, thing):
            return ("storage", Float(), key, "cpu", count, None) if isinstance(thing, Storage) else None

        def save(self, thing, save_persistent_id=True):
            if isinstance(thing, Rebuild):
                self.write(b"ctorch._utils\n_rebuild_tensor_v2\n")
            elif isinstance(thing, Float):
                self.write(b"ctorch\nFloatStorage\n")
            else:
                super().save(thing, save_persistent_id)

        def save_reduce(self, func, args, state=None, listitems=None, dictitems=None,
                        state_setter=None, *, obj=None):
            if isinstance(func, Rebuild):
                self.save(func)
                self.save(args)
                self.write(b"R")
            else:
                super().save_reduce(func, args, state, listitems, dictitems, state_setter, obj=obj)

    class Float:
        pass

    stream = io.BytesIO()
    Writer(stream, 2).dump(collections.OrderedDict([(name, View())]))
    return stream.getvalue()


class Weights(unittest.TestCase):
    def read(self, *args, **kwargs):
        return list(weights.read_tensors(file_of(*args, **kwargs)))

    def test_a_tensor_is_read_in_the_order_of_its_axes(self):
        data = struct.pack("<6f", 0, 1, 2, 3, 4, 5)
        pickled = tensor_pickle("a", "7", 6, 0, (2, 3), (1, 2))  # its first axis lies together
        self.assertEqual(self.read(pickled, {"7": data}),
                         [("a", [2, 3], struct.pack("<6f", 0, 2, 4, 1, 3, 5))])

    def test_the_classifier_on_top_is_left_out(self):
        pickled = tensor_pickle("_fc.weight", "7", 1, 0, (1,), (1,))
        self.assertEqual(self.read(pickled, {"7": struct.pack("<f", 1)}), [])

    def test_a_view_beyond_its_storage_is_refused(self):
        for offset, strides in ((4, (1,)), (0, (9,)), (-2, (1,))):
            pickled = tensor_pickle("a", "7", 6, offset, (3,), strides)
            with self.assertRaisesRegex(ValueError, "beyond its storage"):
                self.read(pickled, {"7": struct.pack("<6f", *range(6))})

    def test_a_file_that_is_cut_short_is_refused(self):
        whole = file_of(tensor_pickle("a", "7", 6, 0, (6,), (1,)), {"7": bytes(24)}).getvalue()
        for end in range(len(whole)):
            with self.assertRaises((ValueError, EOFError, pickle.UnpicklingError, struct.error)):
                list(weights.read_tensors(io.BytesIO(whole[:end])))

    def test_nothing_that_a_file_names_is_called(self):
        with tempfile.TemporaryDirectory() as folder:
            victim = pathlib.Path(folder, "victim")
            command = b"\x80\x02cos\nmkdir\nX" + struct.pack("<I", len(str(victim)))
            command += str(victim).encode() + b"\x85R."
            for evil in (command, by_name("os", "getcwd"), by_name("builtins", "dict"),
                         by_name("torch", "load"), by_name("collections", "deque")):
                with self.assertRaisesRegex(pickle.UnpicklingError, "no weights need"):
                    self.read(evil, {})
            self.assertFalse(os.path.exists(victim))

    def test_another_kind_of_file_is_refused(self):
        for content in (b"PK\x03\x04", b"", pickle.dumps(1, 2)):
            with self.assertRaises((ValueError, EOFError, pickle.UnpicklingError)):
                list(weights.read_tensors(io.BytesIO(content)))


if __name__ == "__main__":
    unittest.main()
