import unittest

from prices import average, discounted, total


class PricesTest(unittest.TestCase):
    def test_total(self) -> None:
        self.assertEqual(total([100, 250]), 350)

    def test_discounted(self) -> None:
        self.assertEqual(discounted(1000, 10), 900)

    def test_average(self) -> None:
        self.assertEqual(average([100, 200]), 150.0)


if __name__ == "__main__":
    unittest.main()
